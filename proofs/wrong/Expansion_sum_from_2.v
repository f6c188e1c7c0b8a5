(* The sum starts at 2. *)
From Bptt Require Import Expansion.
Require Import Arith Lia.

Section Wrong.
Context {C : factors} {M : acted_on C}.
Variables (a b : nat -> M) (c : nat -> C) (T : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).
Hypothesis start : a 0 = zero.


Ltac script :=
  let t := fresh "t" in let IH := fresh "IH" in let i := fresh "i" in
  intros t; induction t as [|t IH]; intros; [lia|];
  destruct t as [|t];
  [ rewrite recurrence by lia; cbn; rewrite start, act_zero, ?sum_empty by lia; reflexivity
  | rewrite recurrence by lia; replace (S (S t) - 1) with (S t) in * by lia; f_equal;
    rewrite IH, act_add, act_sum by lia; replace (S t - 1) with t by lia;
    rewrite sum_last, add_comm by lia; f_equal;
    [ apply sum_ext; intros i ?; rewrite (product_last (S i) (S t)), act_mul by lia; reflexivity
    | rewrite product_one; reflexivity ] ].

Theorem control : forall t, 1 <= t <= T -> a t = b t + (∑ i ∈ [1, t - 1], (∏ j ∈ [S i, t], c j) • b i).
Proof. script. Qed.

Theorem wrong : forall t, 1 <= t <= T -> a t = b t + (∑ i ∈ [2, t - 1], (∏ j ∈ [S i, t], c j) • b i).
Proof. script. Qed.

End Wrong.
