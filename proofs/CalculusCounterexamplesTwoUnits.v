(* Wrong gradients, refuted, that one unit does not tell apart: transposes, and the order of a matrix and a diagonal.

   Two units and two steps: W_h = e_1 e_2ᵀ, h_0 = e_1, u_1 = 0, u_2 = e_1, ℓ_1 = 0 and ℓ_2(h) its first entry, so
   h_1 = 0, h_2 = (a, 0) with a = tanh(1), δ_2 = e_1, δ_1 = (0, 1 - a²), and ∂L/∂W_{2,1} = (1 - a²)/2. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise VanillaRnn CalculusCounterexamples.
#[local] Arguments sum_n_m : simpl never.

#[local] Notation e_1 := (unit_column 2 1).
#[local] Notation e_2 := (unit_column 2 2).
Definition two_weights : matrix 2 2 := outer e_1 e_2.
Definition at_the_end (x : column 2) (t : nat) : column 2 := if Nat.eq_dec t 2 then x else zero.
Definition two_state (t : nat) : column 2 := tanh_state 2 (at_the_end e_1) e_1 two_weights t.
Definition two_slopes (t : nat) : column 2 := componentwise tanh_slope (two_state t).
Definition loss_of_entry (v : R) : R :=
  tanh_loss 2 2 (at_the_end e_1) e_1 (fun t => dot (at_the_end e_1 t)) (replace_entry two_weights 2 1 v).

(* the printed entry (i, j) of ∂L/∂W_h for given δ *)
Definition printed_entry (delta : nat -> column 2) (i j : nat) : R := / INR 2 *
  sum_n_m (fun t => (1 - (entry (two_state t) i)²) * entry (delta t) i * entry (two_state (t - 1)) j) 1 2.
Definition is_the_partial (value : R) : Prop := is_derive loss_of_entry (entries two_weights 2 1) value.

(* Entries *)

Lemma unit_entry (i k : nat) : (1 <= i <= 2)%nat -> entry (unit_column 2 k) i = if Nat.eq_dec i k then 1 else 0.
Proof. intros Hi. unfold unit_column. now rewrite entry_build by exact Hi. Qed.

Lemma weights_times (x : column 2) (i : nat) : (1 <= i <= 2)%nat ->
  entry (times two_weights x) i = entry e_1 i * entry x 2.
Proof.
  intros Hi. unfold times, two_weights, outer, build_matrix, dot. rewrite !entry_build by exact Hi.
  rewrite sum_two, !entry_build, !(unit_entry _ 2) by lia. cbn. real_ring.
Qed.

Lemma weights_transposed_times (x : column 2) (j : nat) : (1 <= j <= 2)%nat ->
  entry (times_transposed two_weights x) j = entry e_2 j * entry x 1.
Proof.
  intros Hj. unfold times_transposed, two_weights, outer. rewrite entry_build by exact Hj.
  rewrite sum_two, !entries_build, !(unit_entry _ 1) by lia. cbn. real_ring.
Qed.

Lemma state_entry (t i : nat) : (1 <= i <= 2)%nat ->
  entry (two_state (S t)) i = tanh (entry e_1 i * entry (two_state t) 2 + entry (at_the_end e_1 (S t)) i).
Proof.
  intros Hi. unfold two_state. cbn [tanh_state]. unfold componentwise. rewrite entry_build by exact Hi.
  now rewrite entry_plus, weights_times.
Qed.

Lemma tanh_0 : tanh 0 = 0.
Proof. unfold tanh, sinh. rewrite Ropp_0. field. apply Rgt_not_eq. unfold cosh. rewrite Ropp_0, exp_0. lra. Qed.

Lemma before_the_end (x : column 2) (i : nat) : entry (at_the_end x 1) i = 0.
Proof. exact (entry_zero (V := R_NormedModule) 2 i). Qed.

Lemma start_entries : entry (two_state 0) 1 = 1 /\ entry (two_state 0) 2 = 0.
Proof. split; [apply (unit_entry 1 1) | apply (unit_entry 2 1)]; lia. Qed.

Lemma first_entry (i : nat) : (1 <= i <= 2)%nat -> entry (two_state 1) i = 0.
Proof.
  intros Hi. rewrite state_entry, before_the_end, (proj2 start_entries), Rmult_0_r, Rplus_0_l by exact Hi. apply tanh_0.
Qed.

Lemma last_entries : entry (two_state 2) 1 = a /\ entry (two_state 2) 2 = 0.
Proof.
  split; rewrite state_entry, first_entry, Rmult_0_r, Rplus_0_l by lia;
    change (at_the_end e_1 2) with e_1.
  - now rewrite (unit_entry 1 1) by lia.
  - rewrite (unit_entry 2 1) by lia. apply tanh_0.
Qed.

Lemma slope_entry (t i : nat) : (1 <= i <= 2)%nat -> entry (two_slopes t) i = 1 - (entry (two_state t) i)².
Proof. intros Hi. unfold two_slopes, componentwise. now rewrite entry_build by exact Hi. Qed.

Lemma printed_entry_value (delta : nat -> column 2) : printed_entry delta 2 1 = / 2 * entry (delta 1%nat) 2.
Proof.
  unfold printed_entry. rewrite sum_two. cbn [Nat.sub].
  rewrite !first_entry, (proj1 start_entries) by lia. unfold Rsqr. replace (INR 2) with 2 by (cbn; ring). ring.
Qed.

(* The derivative *)

Definition two_delta (t : nat) : column 2 :=
  if Nat.eq_dec t 2 then e_1 else plus zero (times_transposed two_weights (diagonal (two_slopes 2) e_1)).

Lemma partial : is_the_partial ((1 - a²) / 2).
Proof.
  replace ((1 - a²) / 2) with (printed_entry two_delta 2 1).
  - apply (recurrent_weight_entry 2 2 (at_the_end e_1) e_1 _ two_weights (at_the_end e_1) two_delta); try lia.
    + intros t _. apply filterdiff_linear, is_linear_dot.
    + reflexivity.
    + intros t Ht. replace t with 1%nat by lia. reflexivity.
  - rewrite printed_entry_value.
    change (two_delta 1) with (plus zero (times_transposed two_weights (diagonal (two_slopes 2) e_1)) : column 2).
    rewrite plus_zero_l, weights_transposed_times by lia. unfold diagonal. rewrite entry_build, slope_entry by lia.
    rewrite (unit_entry 2 2), (unit_entry 1 1), (proj1 last_entries) by lia. cbn [Nat.eq_dec nat_rec nat_rect]. field.
Qed.

Lemma refute_partial (value : R) : value <> (1 - a²) / 2 -> ~ is_the_partial value.
Proof.
  intros Hne D. apply Hne. assert (U := is_derive_unique _ _ _ partial). now rewrite (is_derive_unique _ _ _ D) in U.
Qed.

Lemma refute_delta (delta : nat -> column 2) (value : R) : entry (delta 1%nat) 2 = value -> value <> 1 - a² ->
  ~ is_the_partial (printed_entry delta 2 1).
Proof. intros E Hne. apply refute_partial. rewrite printed_entry_value, E. lra. Qed.

Lemma a_squared : 0 < a² < 1.
Proof. assert (B := a_bounds). unfold Rsqr. nra. Qed.

(** With the outer product transposed, h_{t-1} (diag(1 - h_t²) δ_t)ᵀ, the printed gradient is not the derivative. *)
Theorem outer_product_swapped_refuted : ~ is_the_partial (printed_entry two_delta 1 2).
Proof.
  apply refute_partial. unfold printed_entry. rewrite sum_two. cbn [Nat.sub].
  rewrite !first_entry, (proj2 start_entries) by lia. assert (B := a_squared). lra.
Qed.

(** With W_h in the place of its transpose in the backward recursion it is not the derivative. *)
Theorem weights_not_transposed_refuted (delta : nat -> column 2) : delta 2%nat = e_1 ->
  delta 1%nat = times two_weights (diagonal (two_slopes 2) (delta 2%nat)) ->
  ~ is_the_partial (printed_entry delta 2 1).
Proof.
  intros _ E1. apply refute_delta with (value := 0).
  - rewrite E1, weights_times, (unit_entry 2 1) by lia. apply Rmult_0_l.
  - assert (B := a_squared). lra.
Qed.

(** With diag(1 - h_{i+1}²) W_hᵀ for W_hᵀ diag(1 - h_{i+1}²) in the backward recursion it is not the derivative. *)
Theorem slope_after_weights_refuted (delta : nat -> column 2) : delta 2%nat = e_1 ->
  delta 1%nat = diagonal (two_slopes 2) (times_transposed two_weights (delta 2%nat)) ->
  ~ is_the_partial (printed_entry delta 2 1).
Proof.
  intros E2 E1. apply refute_delta with (value := 1).
  - rewrite E1, E2. unfold diagonal. rewrite entry_build, slope_entry, weights_transposed_times by lia.
    rewrite (proj2 last_entries), (unit_entry 2 2), (unit_entry 1 1) by lia. unfold Rsqr. cbn. real_ring.
  - assert (B := a_squared). lra.
Qed.

(** With c_i for c_{i+1} in the backward recursion it is not the derivative. *)
Theorem jacobian_of_same_step_refuted (delta : nat -> column 2) : delta 2%nat = e_1 ->
  delta 1%nat = times_transposed two_weights (diagonal (two_slopes 1) (delta 2%nat)) ->
  ~ is_the_partial (printed_entry delta 2 1).
Proof.
  intros E2 E1. apply refute_delta with (value := 1).
  - rewrite E1, E2, weights_transposed_times by lia. unfold diagonal.
    rewrite entry_build, slope_entry, first_entry by lia.
    rewrite (unit_entry 2 2), (unit_entry 1 1) by lia. unfold Rsqr. cbn. real_ring.
  - assert (B := a_squared). lra.
Qed.
