(* The fourth line of the expansion as a textbook misprints it: c_{t-2} before a_{t-3} is missing. *)
From Bptt Require Import Expansion.
Require Import Arith Lia.

Section Wrong.
Context {C : factors} {M : acted_on C}.
Variables (a b : nat -> M) (c : nat -> C) (T : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).


Ltac script :=
  intros t Ht; rewrite recurrence, (recurrence (t - 1)) by lia;
  replace (t - 1 - 1) with (t - 2) by lia; rewrite (recurrence (t - 2)) by lia;
  replace (t - 2 - 1) with (t - 3) by lia;
  rewrite !act_add, !act_mul, !add_assoc; reflexivity.

Theorem control : forall t, 3 <= t <= T ->
  a t = b t + c t • b (t - 1) + (c t * c (t - 1)) • b (t - 2) + (c t * (c (t - 1) * c (t - 2))) • a (t - 3).
Proof. script. Qed.

Theorem wrong : forall t, 3 <= t <= T ->
  a t = b t + c t • b (t - 1) + (c t * c (t - 1)) • b (t - 2) + (c t * c (t - 1)) • a (t - 3).
Proof. script. Qed.

End Wrong.
