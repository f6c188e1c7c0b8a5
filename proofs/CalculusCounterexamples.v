(* Wrong gradients, refuted.

   One network with one unit and two steps, h_0 = 1, W_h = 0, u_t = 1, ℓ_t(h) = h, T = 2, at which every one of them
   differs from the derivative: h_1 = h_2 = a = tanh(1), δ_1 = δ_2 = 1 and dL/dW_h = (1 - a²)(1 + a)/2.  And one softmax
   with two scores, both zero. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise Softmax VanillaRnn.
#[local] Arguments sum_n_m : simpl never.

Definition ones : column 1 := build 1 (fun _ => 1).
Definition zero_weight : matrix 1 1 := build_matrix 1 1 (fun _ _ => 0).
Definition a : R := tanh 1.
Definition unit_state (t : nat) : R := entry (tanh_state 1 (fun _ => ones) ones zero_weight t) 1.
Definition loss_of_weight (v : R) : R :=
  tanh_loss 1 2 (fun _ => ones) ones (fun _ x => entry x 1) (replace_entry zero_weight 1 1 v).

(* (1/T) Σ_t slope_t δ_t before_t: the printed gradient with slope_t = 1 - h_t² and before_t = h_{t-1} *)
Definition gradient (slope delta before : nat -> R) : R := / 2 * sum_n_m (fun t => slope t * delta t * before t) 1 2.
Definition is_the_derivative (value : R) : Prop := is_derive loss_of_weight 0 value.

Lemma a_bounds : 0 < a < 1.
Proof.
  assert (P := exp_increasing (- (1)) 1 ltac:(lra)). assert (N := exp_pos (- (1))).
  unfold a, tanh, sinh, cosh. split.
  - apply Rdiv_lt_0_compat; lra.
  - apply (Rmult_lt_reg_r ((exp 1 + exp (- (1))) / 2)); [lra|]. field_simplify; lra.
Qed.

Lemma sum_two (F : nat -> R) : sum_n_m F 1 2 = F 1%nat + F 2%nat.
Proof. now rewrite sum_S, sum_n_n. Qed.

Lemma step_value (t : nat) : unit_state (S t) = a.
Proof.
  unfold unit_state, a. cbn [tanh_state]. unfold componentwise. rewrite entry_build by lia. f_equal.
  rewrite entry_plus. unfold times, ones. rewrite !entry_build by lia. unfold dot. rewrite sum_n_n.
  unfold zero_weight, build_matrix. rewrite !entry_build by lia. rewrite Rmult_0_l. apply Rplus_0_l.
Qed.

Lemma derivative :
  is_the_derivative (gradient (fun t => 1 - (unit_state t)²) (fun _ => 1) (fun t => unit_state (t - 1))).
Proof.
  assert (E1 : entry ones 1 = 1) by (unfold ones; now rewrite entry_build by lia).
  assert (D := recurrent_weight_entry 1 2 (fun _ => ones) ones (fun _ x => entry x 1) zero_weight
                 (fun _ => ones) (fun _ => ones)).
  replace 0 with (entries zero_weight 1 1) by (unfold zero_weight; now rewrite entries_build by lia).
  unfold gradient.
  rewrite (sum_ext 2 _ (fun t => (1 - (unit_state t)²) * entry ones 1 * unit_state (t - 1)))
    by (intros; now rewrite E1).
  apply D; [|reflexivity| |lia|lia|lia].
  - intros t _. eapply filterdiff_ext_lin; [apply filterdiff_linear, is_linear_entry|].
    intros x. unfold dot. rewrite sum_n_n, E1. symmetry. apply Rmult_1_l.
  - intros t Ht. apply tuple_ext. intros i Hi. rewrite entry_plus. unfold times_transposed.
    rewrite entry_build by exact Hi.
    rewrite sum_n_n. replace i with 1%nat by lia. unfold zero_weight. rewrite entries_build by lia.
    rewrite Rmult_0_l. symmetry. apply Rplus_0_r.
Qed.

Lemma refute (slope delta before : nat -> R) :
  slope 1%nat * delta 1%nat * before 1%nat + slope 2%nat * delta 2%nat * before 2%nat <> (1 - a²) * (1 + a) ->
  ~ is_the_derivative (gradient slope delta before).
Proof.
  intros Hne D. apply Hne. assert (U := is_derive_unique _ _ _ derivative). rewrite (is_derive_unique _ _ _ D) in U.
  revert U. unfold gradient. rewrite !sum_two, !step_value. cbn [Nat.sub]. rewrite step_value.
  replace (unit_state 0) with 1 by (unfold unit_state, ones; cbn [tanh_state]; now rewrite entry_build by lia). lra.
Qed.

Ltac values := apply refute; cbn [Nat.sub]; rewrite ?step_value;
  replace (unit_state 0) with 1 by (unfold unit_state, ones; cbn [tanh_state]; now rewrite entry_build by lia);
  assert (B := a_bounds); unfold Rsqr; assert (0 < (1 - a) * (1 + a)) by (apply Rmult_lt_0_compat; lra);
  intros different.

(** Without the activation's factor 1 - h_t² the printed gradient is not the derivative. *)
Theorem missing_slope_refuted : ~ is_the_derivative (gradient (fun _ => 1) (fun _ => 1) (fun t => unit_state (t - 1))).
Proof. values. nra. Qed.

(** With the activation's derivative of the step before, 1 - h_{t-1}², it is not the derivative. *)
Theorem slope_of_step_before_refuted :
  ~ is_the_derivative (gradient (fun t => 1 - (unit_state (t - 1))²) (fun _ => 1) (fun t => unit_state (t - 1))).
Proof. values. nra. Qed.

(** With h_t in the place of h_{t-1} it is not the derivative. *)
Theorem state_of_same_step_refuted :
  ~ is_the_derivative (gradient (fun t => 1 - (unit_state t)²) (fun _ => 1) unit_state).
Proof. values. nra. Qed.

(** Without the factor 1/T of the mean loss it is not the derivative. *)
Theorem missing_mean_refuted :
  ~ is_the_derivative (2 * gradient (fun t => 1 - (unit_state t)²) (fun _ => 1) (fun t => unit_state (t - 1))).
Proof.
  replace (2 * _) with (gradient (fun t => 1 - (unit_state t)²) (fun _ => 2) (fun t => unit_state (t - 1))).
  - values. nra.
  - unfold gradient. rewrite !sum_two. ring.
Qed.

(** With an adjoint that is carried without the factor c_{i+1}, δ_1 = g_1 + δ_2, it is not the derivative. *)
Theorem adjoint_without_jacobian_refuted (delta : nat -> R) : delta 2%nat = 1 -> delta 1%nat = 1 + delta 2%nat ->
  ~ is_the_derivative (gradient (fun t => 1 - (unit_state t)²) delta (fun t => unit_state (t - 1))).
Proof. intros E2 E1. values. rewrite E1, E2 in different. nra. Qed.

(** With an adjoint that lacks the direct term, δ_1 = c_2 δ_2 (and c_2 = 0 here), it is not the derivative. *)
Theorem adjoint_without_direct_term_refuted (delta : nat -> R) : delta 2%nat = 1 -> delta 1%nat = 0 * delta 2%nat ->
  ~ is_the_derivative (gradient (fun t => 1 - (unit_state t)²) delta (fun t => unit_state (t - 1))).
Proof. intros E2 E1. values. rewrite E1, E2 in different. nra. Qed.

(** With the first step left out of the sum it is not the derivative. *)
Theorem first_step_left_out_refuted :
  ~ is_the_derivative (/ 2 * sum_n_m (fun t => (1 - (unit_state t)²) * 1 * unit_state (t - 1)) 2 2).
Proof.
  replace (/ 2 * _) with
    (gradient (fun t => 1 - (unit_state t)²) (fun t => if Nat.eq_dec t 1 then 0 else 1) (fun t => unit_state (t - 1))).
  - values. cbn in different. nra.
  - unfold gradient. rewrite sum_two, sum_n_n. cbn. ring.
Qed.

(** 1 - tanh, the square forgotten, is not the derivative of tanh. *)
Theorem tanh_slope_refuted : ~ is_derive tanh 1 (1 - tanh 1).
Proof.
  intros D. assert (U := is_derive_unique _ _ _ (tanh_derivative 1)). rewrite (is_derive_unique _ _ _ D) in U.
  assert (B := a_bounds). fold a in U. unfold Rsqr in U. nra.
Qed.

(** σ (1 + σ) is not the derivative of the logistic function σ. *)
Theorem sigmoid_slope_refuted : ~ is_derive sigmoid 0 (sigmoid 0 * (1 + sigmoid 0)).
Proof.
  intros D. assert (U := is_derive_unique _ _ _ (sigmoid_derivative 0)). rewrite (is_derive_unique _ _ _ D) in U.
  replace (sigmoid 0) with (/ 2) in U by (unfold sigmoid; rewrite Ropp_0, exp_0; f_equal; ring). lra.
Qed.

(* Softmax with two scores, both zero: o = (1/2, 1/2) *)

Definition zero_scores : column 2 := build 2 (fun _ => 0).
Definition target (first : R) : column 2 := build 2 (fun k => if Nat.eq_dec k 1 then first else 0).

Lemma half (k : nat) : (1 <= k <= 2)%nat -> entry (softmax zero_scores) k = / 2.
Proof.
  intros Hk. unfold softmax, partition. rewrite entry_build by exact Hk. rewrite sum_two. unfold zero_scores.
  rewrite !entry_build by lia. rewrite exp_0. change (1 / (1 + 1) = / 2). field.
Qed.

Lemma cross_entropy_at_zero (first : R) :
  is_derive (fun v => cross_entropy (target first) (replace zero_scores 1 v)) (entry zero_scores 1)
    (first * / 2 - first).
Proof.
  assert (classes : (1 <= 2)%nat) by lia.
  assert (D := cross_entropy_partial_of_any_target classes (target first) zero_scores 1 (conj (le_n 1) classes)).
  rewrite half in D by lia. unfold total in D. rewrite sum_two in D.
  replace (first * / 2 - first) with ((entry (target first) 1 + entry (target first) 2) * / 2 - entry (target first) 1);
    [exact D|].
  unfold target. rewrite !entry_build by lia. change ((first + 0) * / 2 - first = first * / 2 - first). ring.
Qed.

(** The gradient of softmax and cross-entropy is not y - o. *)
Theorem sign_of_error_refuted : ~ is_derive (fun v => cross_entropy (target 1) (replace zero_scores 1 v))
  (entry zero_scores 1) (entry (target 1) 1 - entry (softmax zero_scores) 1).
Proof.
  intros D. assert (U := is_derive_unique _ _ _ (cross_entropy_at_zero 1)). rewrite (is_derive_unique _ _ _ D) in U.
  rewrite half in U by lia. unfold target in U. rewrite entry_build in U by lia. cbn in U. lra.
Qed.

(** For targets whose sum is not one, the gradient of softmax and cross-entropy is not o - y: y = 0 is a witness. *)
Theorem targets_of_any_sum_refuted : ~ is_derive (fun v => cross_entropy (target 0) (replace zero_scores 1 v))
  (entry zero_scores 1) (entry (softmax zero_scores) 1 - entry (target 0) 1).
Proof.
  intros D. assert (U := is_derive_unique _ _ _ (cross_entropy_at_zero 0)). rewrite (is_derive_unique _ _ _ D) in U.
  rewrite half in U by lia. unfold target in U. rewrite entry_build in U by lia. cbn in U. lra.
Qed.

(** Softmax is not differentiated entry by entry: diag(o ∘ (1 - o)) is not its derivative. *)
Theorem softmax_diagonal_only_refuted : ~ filterdiff softmax (locally zero_scores)
  (fun ds => build 2 (fun k => entry (softmax zero_scores) k * (1 - entry (softmax zero_scores) k) * entry ds k)).
Proof.
  intros D. assert (classes : (1 <= 2)%nat) by lia.
  assert (right := softmax_partial classes zero_scores 1 2 (conj (le_n 1) classes) (conj classes (le_n 2))).
  assert (wrong := partial_derivative 2 _ _ zero_scores 2 (filterdiff_entry zero_scores 2 1 _ _ D)).
  assert (U := is_derive_unique _ _ _ right). rewrite (is_derive_unique _ _ _ wrong), entry_build in U by lia.
  unfold unit_column in U. rewrite !half, entry_build in U by lia. cbn in U. lra.
Qed.
