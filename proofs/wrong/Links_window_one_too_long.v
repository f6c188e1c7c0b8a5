(* A window of one term more, with the rest of a window without it. *)
From Bptt Require Import Links.
From Coq Require Import Arith Lia.

Section Wrong.
Context {C : factors} {M : acted_on C}.
Variables (a b : nat -> M) (c : nat -> C) (T tau : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).

Definition claim (first : nat -> nat) : Prop := forall t, tau <= t <= T ->
  a t = (∑ i ∈ [first t, t], (∏ j ∈ [S i, t], c j) • b i) + (∏ j ∈ [S (t - tau), t], c j) • a (t - tau).

Ltac script :=
  intros t Ht; rewrite <- (expansion_from a b c T recurrence) by lia; reflexivity.

Theorem control : claim (fun t => S (t - tau)).
Proof. script. Qed.

Theorem wrong : claim (fun t => t - tau).
Proof. script. Qed.

End Wrong.
