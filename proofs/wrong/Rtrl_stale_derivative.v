(* The pass adds g_t a_{t-1}, the derivative of the state before. *)
From Bptt Require Import Rtrl.
Require Import Arith Lia.

Section Wrong.
Context {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).
Variables (a b : nat -> M) (c : nat -> C) (g : nat -> G).
Hypothesis start : a 0 = zero.

Ltac script :=
  let T := fresh "T" in let IH := fresh "IH" in
  intros T; induction T as [|T IH]; intros recurrence;
  [ rewrite start, ?sum_empty by lia; reflexivity
  | cbn; rewrite IH by (intros; apply recurrence; lia); rewrite sum_last, (recurrence (S T)) by lia;
    replace (S T - 1) with T by lia; reflexivity ].

Theorem control : forall T, (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  one_pass_forward pair b c g T = (a T, ∑ t ∈ [1, T], pair (g t) (a t)).
Proof. script. Qed.

Theorem wrong : forall T, (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  one_pass_forward pair b c g T = (a T, ∑ t ∈ [1, T], pair (g t) (a (t - 1))).
Proof. script. Qed.

End Wrong.
