(* Softmax and cross-entropy on ℝ^q: o = softmax(s), ℓ(s) = -Σ_k y_k ln o_k, as functions of the scores s. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise.
#[local] Arguments sum_n_m : simpl never.

Lemma sum_exp_pos (n : nat) (F : nat -> R) : (1 <= n)%nat -> 0 < sum_n_m (fun k => exp (F k)) 1 n.
Proof.
  intros Hn. induction Hn as [|m Hm IH].
  - rewrite sum_n_n. apply exp_pos.
  - rewrite sum_S. apply Rplus_lt_0_compat; [exact IH | apply exp_pos].
Qed.

Section Softmax.
Context {q : nat}.

Definition partition (s : column q) : R := sum_n_m (fun k => exp (entry s k)) 1 q.
Definition log_sum_exp (s : column q) : R := ln (partition s).
Definition softmax (s : column q) : column q := build q (fun k => exp (entry s k) / partition s).
Definition cross_entropy (y s : column q) : R := - sum_n_m (fun k => entry y k * ln (entry (softmax s) k)) 1 q.
Definition total (y : column q) : R := sum_n_m (entry y) 1 q.

Hypothesis classes : (1 <= q)%nat.

Lemma partition_pos (s : column q) : 0 < partition s.
Proof. now apply sum_exp_pos. Qed.

Lemma softmax_entry (s : column q) (k : nat) : (1 <= k <= q)%nat ->
  entry (softmax s) k = exp (entry s k - log_sum_exp s).
Proof.
  intros Hk. unfold softmax. rewrite entry_build by exact Hk. unfold log_sum_exp, Rminus.
  now rewrite exp_plus, exp_Ropp, exp_ln by apply partition_pos.
Qed.

(** The entries of a softmax sum to one. *)
Theorem softmax_total (s : column q) : total (softmax s) = 1.
Proof.
  unfold total. rewrite (sum_ext q _ (fun k => / partition s * exp (entry s k))).
  - rewrite sum_mult. apply Rinv_l, Rgt_not_eq, partition_pos.
  - intros k Hk. unfold softmax. rewrite entry_build by exact Hk. apply Rmult_comm.
Qed.

Lemma partition_derivative (s : column q) :
  filterdiff partition (locally s) (fun ds => sum_n_m (fun k => entry ds k * exp (entry s k)) 1 q).
Proof.
  apply (filterdiff_sum s q (fun k (s : column q) => exp (entry s k)) (fun k ds => entry ds k * exp (entry s k))).
  intros k _. apply (filterdiff_comp' (fun s : column q => entry s k) exp s (fun ds => entry ds k)
                  (fun r => r * exp (entry s k))).
  - apply filterdiff_linear, is_linear_entry.
  - apply is_derive_exp.
Qed.

(** The gradient of log Σ_k exp(s_k) is softmax(s). *)
Theorem log_sum_exp_gradient (s : column q) : is_gradient log_sum_exp s (softmax s).
Proof.
  eapply filterdiff_ext_lin.
  - apply (filterdiff_comp' partition ln s); [apply partition_derivative|].
    apply is_derive_Reals, derivable_pt_lim_ln, partition_pos.
  - intros ds. cbv beta. change scal with Rmult. rewrite Rmult_comm, <- sum_mult. apply sum_ext. intros k Hk.
    unfold softmax. rewrite entry_build by exact Hk. unfold Rdiv. ring.
Qed.

(** The derivative of softmax is diag(o) - o oᵀ with o = softmax(s). *)
Theorem softmax_derivative (s : column q) : filterdiff softmax (locally s)
  (fun ds => minus (diagonal (softmax s) ds) (scal (dot (softmax s) ds) (softmax s))).
Proof.
  set (o := softmax s).
  apply filterdiff_ext with (f := fun x => build q (fun k => exp (entry x k - log_sum_exp x))).
  { intros x. apply tuple_ext. intros k Hk. now rewrite entry_build, softmax_entry. }
  eapply filterdiff_ext_lin.
  - apply (filterdiff_build s q (fun k (x : column q) => exp (entry x k - log_sum_exp x))
             (fun k ds => (entry ds k - dot o ds) * entry o k)).
    intros k Hk. apply (filterdiff_comp' (fun x : column q => entry x k - log_sum_exp x) exp s
                          (fun ds => entry ds k - dot o ds) (fun r => r * entry o k)).
    + apply (filterdiff_minus_fct (fun x : column q => entry x k) log_sum_exp (fun ds => entry ds k) (dot o)).
      * apply filterdiff_linear, is_linear_entry.
      * apply log_sum_exp_gradient.
    + unfold o. rewrite softmax_entry by exact Hk. apply is_derive_exp.
  - intros ds. apply tuple_ext. intros k Hk. unfold minus, diagonal.
    rewrite entry_plus, entry_opp, entry_scal, !entry_build by exact Hk. change plus with Rplus. change opp with Ropp.
    change scal with Rmult. real_ring.
Qed.

(** Entry by entry: the partial derivative of o_i by the score s_k is o_i (1 - o_i) for i = k, else -o_i o_k. *)
Theorem softmax_partial (s : column q) (i k : nat) : (1 <= i <= q)%nat -> (1 <= k <= q)%nat ->
  is_derive (fun v => entry (softmax (replace s k v)) i) (entry s k)
    (entry (softmax s) i * ((if Nat.eq_dec i k then 1 else 0) - entry (softmax s) k)).
Proof.
  intros Hi Hk.
  assert (D := partial_derivative q (fun s => entry (softmax s) i) _ s k
                 (filterdiff_entry s q i _ _ (softmax_derivative s))).
  cbv beta in D. rewrite dot_unit in D by exact Hk. unfold minus, diagonal, unit_column in D.
  rewrite entry_plus, entry_opp, entry_scal, !entry_build in D by exact Hi.
  change plus with Rplus in D. change opp with Ropp in D. change scal with Rmult in D.
  set (u := if Nat.eq_dec i k then 1 else 0) in *.
  replace (_ * (_ - _)) with (entry (softmax s) i * u + - (entry (softmax s) k * entry (softmax s) i));
    [exact D | real_ring].
Qed.

Lemma cross_entropy_scores (y s : column q) : cross_entropy y s = total y * log_sum_exp s - dot y s.
Proof.
  unfold cross_entropy. rewrite (sum_ext q _ (fun k => entry y k * entry s k + - log_sum_exp s * entry y k)).
  - rewrite sum_plus, sum_mult. fold (dot y s). change (sum_n_m (entry y) 1 q) with (total y). ring.
  - intros k Hk. rewrite softmax_entry, ln_exp by exact Hk. ring.
Qed.

(** The gradient of the cross-entropy with respect to the scores, whatever y is: (Σ_k y_k) o - y. *)
Theorem cross_entropy_gradient_of_any_target (y s : column q) :
  is_gradient (cross_entropy y) s (minus (scal (total y) (softmax s) : column q) y).
Proof.
  apply filterdiff_ext with (f := fun s => total y * log_sum_exp s - dot y s).
  { intros x. symmetry. apply cross_entropy_scores. }
  eapply filterdiff_ext_lin.
  - apply (filterdiff_minus_fct (fun s => total y * log_sum_exp s) (dot y)
             (fun ds => total y * dot (softmax s) ds) (dot y)).
    + apply (filterdiff_scal_r_fct (V := R_NormedModule) (total y) log_sum_exp (dot (softmax s)));
        [exact Rmult_comm | apply log_sum_exp_gradient].
    + apply filterdiff_linear, is_linear_dot.
  - intros ds. unfold minus. rewrite dot_plus_l, dot_scal_l, dot_opp_l. reflexivity.
Qed.

(** The gradient of the cross-entropy with respect to the scores is o - y when the entries of y sum to one: the printed
    ∂ℓ/∂s_t = o_t - y_t. *)
Theorem cross_entropy_gradient (y s : column q) : total y = 1 -> is_gradient (cross_entropy y) s (minus (softmax s) y).
Proof.
  intros Hy. assert (G := cross_entropy_gradient_of_any_target y s). now rewrite Hy, scal_one_R in G.
Qed.

(** Entry by entry, whatever y is: the partial derivative of the cross-entropy by the score s_k is (Σ_j y_j) o_k -
    y_k. *)
Theorem cross_entropy_partial_of_any_target (y s : column q) (k : nat) : (1 <= k <= q)%nat ->
  is_derive (fun v => cross_entropy y (replace s k v)) (entry s k) (total y * entry (softmax s) k - entry y k).
Proof.
  intros Hk. assert (D := gradient_entry q _ s _ k Hk (cross_entropy_gradient_of_any_target y s)).
  unfold minus in D. rewrite entry_plus, entry_opp, entry_scal in D. exact D.
Qed.

(** Entry by entry: the partial derivative of the cross-entropy by the score s_k is o_k - y_k when the entries of y
    sum to one. *)
Theorem cross_entropy_partial (y s : column q) (k : nat) : (1 <= k <= q)%nat -> total y = 1 ->
  is_derive (fun v => cross_entropy y (replace s k v)) (entry s k) (entry (softmax s) k - entry y k).
Proof.
  intros Hk Hy. assert (D := cross_entropy_partial_of_any_target y s k Hk). now rewrite Hy, Rmult_1_l in D.
Qed.

End Softmax.
