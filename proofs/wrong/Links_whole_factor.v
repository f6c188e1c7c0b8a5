(* The whole factor ξ_i in the error, where it must be ξ_i − 1. *)
From Bptt Require Import Links.
From Coq Require Import Arith Lia Ring_theory.

Section Wrong.
Context (K : numbers) {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).
Context {of_terms : scaled K M} {la : linear_action K M}.
Variables (a b z : nat -> M) (c : nat -> C) (g delta : nat -> G) (xi : nat -> K) (T : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).
Hypothesis start : a 0 = zero.
Hypothesis run : forall t, 1 <= t <= T -> z t = b t + xi t × c t • z (t - 1).
Hypothesis z_start : z 0 = zero.
Hypothesis last : delta T = g T.
Hypothesis recursion : forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t).

Definition claim (changed : nat -> K) : Prop :=
  (∑ t ∈ [1, T], pair (g t) (z t)) =
  (∑ t ∈ [1, T], pair (g t) (a t)) + (∑ i ∈ [2, T], pair (delta i) (changed i × c i • z (i - 1))).

Ltac script :=
  unfold claim;
  rewrite (adjoint_forward pair z (fun t => b t + (xi t − one) × c t • z (t - 1)) c g delta T
             (run_apart K b z c xi T run) z_start last recursion);
  rewrite (adjoint_forward pair a b c g delta T recurrence start last recursion);
  rewrite (sum_ext _ _ _ _ (fun i _ => pair_add_right _ _ _ _ pair (delta i) _ _)), sum_add; f_equal;
  destruct T as [|n]; [rewrite !sum_empty by lia; reflexivity|];
  rewrite (sum_first 1) by lia; cbn [Nat.sub]; rewrite z_start, act_zero, scale_zero, pair_zero_right, add_zero;
  reflexivity.

Theorem control : claim (fun i => xi i − one).
Proof. script. Qed.

Theorem wrong : claim xi.
Proof. script. Qed.

End Wrong.
