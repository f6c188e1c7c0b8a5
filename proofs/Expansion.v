(* The recurrence a_t = b_t + c_t a_{t-1}, solved for every t.

   The factors c_t act on the terms and need not commute: in the derivation they are Jacobians, and their order counts. *)
From Bptt Require Export Algebra.
Require Import Arith Lia.

Section Expansion.
Context {C : factors} {M : acted_on C}.
Variables (a b : nat -> M) (c : nat -> C) (T : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).

Lemma recurrence_next t : t < T -> a (S t) = b (S t) + c (S t) • a t.
Proof. intros. rewrite recurrence by lia. now replace (S t - 1) with t by lia. Qed.

(** One substitution, distributed: a_t = b_t + c_t b_{t-1} + c_t c_{t-1} a_{t-2}. *)
Theorem unrolled_once t : 2 <= t <= T ->
  a t = b t + c t • b (t - 1) + (c t * c (t - 1)) • a (t - 2).
Proof.
  intros. rewrite recurrence, (recurrence (t - 1)) by lia. replace (t - 1 - 1) with (t - 2) by lia.
  now rewrite act_add, act_mul, add_assoc.
Qed.

(** Two substitutions: a_t = b_t + c_t b_{t-1} + c_t c_{t-1} b_{t-2} + c_t c_{t-1} c_{t-2} a_{t-3}. *)
Theorem unrolled_twice t : 3 <= t <= T ->
  a t = b t + c t • b (t - 1) + (c t * c (t - 1)) • b (t - 2) + (c t * c (t - 1) * c (t - 2)) • a (t - 3).
Proof.
  intros. rewrite unrolled_once, (recurrence (t - 2)) by lia. replace (t - 2 - 1) with (t - 3) by lia.
  now rewrite act_add, <- act_mul, add_assoc.
Qed.

(** Stopped after any number of substitutions: the terms from t down to s+1, and c_t ⋯ c_{s+1} a_s. *)
Theorem expansion_from s t : s <= t <= T ->
  a t = (∑ i ∈ [S s, t], (∏ j ∈ [S i, t], c j) • b i) + (∏ j ∈ [S s, t], c j) • a s.
Proof.
  intros [Hs HT]. induction t as [|t IH].
  - replace s with 0 by lia. now rewrite sum_empty, product_empty, act_unit, add_zero by lia.
  - destruct (Nat.eq_dec s (S t)) as [->|]; [now rewrite sum_empty, product_empty, act_unit, add_zero by lia|].
    rewrite recurrence_next, IH, act_add, act_sum, sum_last by lia.
    rewrite (product_empty (S (S t))), act_unit, (product_last (S s)), act_mul, add_assoc by lia.
    f_equal. rewrite add_comm. f_equal. apply sum_ext. intros i Hi. now rewrite <- act_mul, product_last by lia.
Qed.

(** Stopped after some substitutions, with the direct term apart:
    a_t = b_t + Σ_{i=s+1}^{t-1} (c_t ⋯ c_{i+1}) b_i + (c_t ⋯ c_{s+1}) a_s. *)
Theorem expansion_stop s t : s < t <= T ->
  a t = b t + (∑ i ∈ [S s, t - 1], (∏ j ∈ [S i, t], c j) • b i) + (∏ j ∈ [S s, t], c j) • a s.
Proof.
  intros. rewrite (expansion_from s) by lia. f_equal. destruct t as [|t]; [lia|]. replace (S t - 1) with t by lia.
  now rewrite sum_last, (product_empty (S (S t))), act_unit, add_comm by lia.
Qed.

(** The expansion with a start that need not vanish: a_t = Σ_{i=1}^{t} (c_t ⋯ c_{i+1}) b_i + (c_t ⋯ c_1) a_0. *)
Theorem expansion_start t : t <= T ->
  a t = (∑ i ∈ [1, t], (∏ j ∈ [S i, t], c j) • b i) + (∏ j ∈ [1, t], c j) • a 0.
Proof. intros. now apply (expansion_from 0); lia. Qed.

Hypothesis start : a 0 = zero.

(** The expansion: a_t = b_t + Σ_{i=1}^{t-1} (c_t ⋯ c_{i+1}) b_i when a_0 = 0, for every t, whatever commutes or not. *)
Theorem expansion t : 1 <= t <= T ->
  a t = b t + (∑ i ∈ [1, t - 1], (∏ j ∈ [S i, t], c j) • b i).
Proof. intros. rewrite (expansion_stop 0), start, act_zero, zero_add by lia. reflexivity. Qed.

(** The expansion with the direct term absorbed into the sum: a_t = Σ_{i=1}^{t} (c_t ⋯ c_{i+1}) b_i when a_0 = 0. *)
Theorem expansion_sum t : t <= T ->
  a t = ∑ i ∈ [1, t], (∏ j ∈ [S i, t], c j) • b i.
Proof. intros. now rewrite expansion_start, start, act_zero, zero_add by lia. Qed.

End Expansion.

(** The other way round: the expanded sum satisfies the recurrence, so that the recurrence and the sum say the same. *)
Theorem expansion_solves {C : factors} {M : acted_on C} (b : nat -> M) (c : nat -> C) t : 1 <= t ->
  let a t := ∑ i ∈ [1, t], (∏ j ∈ [S i, t], c j) • b i in
  a t = b t + c t • a (t - 1).
Proof.
  intros Ht a. unfold a. destruct t as [|t]; [lia|]. replace (S t - 1) with t by lia.
  rewrite sum_last, (product_empty (S (S t))), act_unit, act_sum, add_comm by lia. f_equal.
  apply sum_ext. intros i Hi. now rewrite <- act_mul, product_last by lia.
Qed.
