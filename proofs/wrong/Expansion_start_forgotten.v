(* The start a_0 need not vanish, and is forgotten. *)
From Bptt Require Import Expansion.
Require Import Arith Lia.

Section Wrong.
Context {C : factors} {M : acted_on C}.
Variables (a b : nat -> M) (c : nat -> C) (T : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).


Ltac script :=
  intros t; induction t as [|t IH]; intros;
  [ rewrite sum_empty, ?product_empty, ?act_unit, ?add_zero by lia; reflexivity
  | rewrite recurrence by lia; replace (S t - 1) with t by lia;
    rewrite IH, act_add, act_sum, sum_last by lia;
    rewrite (product_empty (S (S t))), act_unit, (product_last 1 t), act_mul, add_assoc, (add_comm _ (b (S t))) by lia;
    do 2 f_equal; apply sum_ext; intros i Hi; rewrite (product_last (S i)), act_mul by lia; reflexivity ].

Theorem control : forall t, t <= T ->
  a t = (∑ i ∈ [1, t], (∏ j ∈ [S i, t], c j) • b i) + (∏ j ∈ [1, t], c j) • a 0.
Proof. script. Qed.

Theorem wrong : forall t, t <= T ->
  a t = (∑ i ∈ [1, t], (∏ j ∈ [S i, t], c j) • b i).
Proof. script. Qed.

End Wrong.
