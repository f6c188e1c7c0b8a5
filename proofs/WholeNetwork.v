(* All the gradients of the tanh network with a softmax output and cross-entropy, in one theorem.

     h_t = tanh(W_h h_{t-1} + W_i x_t + b_ih + b_hh),   s_t = W_o h_t + b_o,   o_t = softmax(s_t),
     L = (1/T) Σ_{t=1}^{T} -Σ_k y_{t,k} ln o_{t,k}

   The parameters are differentiable functions of a p in any normed space: p may be one of them, all of them together,
   or what tied parameters have in common. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise Softmax Network VanillaRnn.
#[local] Arguments sum_n_m : simpl never.

Section WholeNetwork.
Context {P : NormedModule R_AbsRing} {n m q : nat}.
Variable T : nat.
Variables (W_h : P -> matrix n n) (W_i : P -> matrix n m) (b_ih b_hh : P -> column n).
Variables (W_o : P -> matrix q n) (b_o : P -> column q) (h_0 : P -> column n).
Variables (x : nat -> column m) (y : nat -> column q).

Definition drive (t : nat) (p : P) : column n := plus (times (W_i p) (x t)) (plus (b_ih p) (b_hh p)).
Definition state_h (t : nat) (p : P) : column n := hidden tanh W_h drive h_0 t p.
Definition scores (t : nat) (p : P) : column q := plus (times (W_o p) (state_h t p)) (b_o p).
Definition output (t : nat) (p : P) : column q := softmax (scores t p).
Definition network_loss (p : P) : R := / INR T * sum_n_m (fun t => cross_entropy (y t) (scores t p)) 1 T.

(** The states of the theorem below are the printed ones, h_t = tanh(W_h h_{t-1} + W_i x_t + b_ih + b_hh). *)
Theorem state_equation (t : nat) (p : P) : state_h (S t) p =
  componentwise tanh (plus (times (W_h p) (state_h t p)) (plus (times (W_i p) (x (S t))) (plus (b_ih p) (b_hh p)))).
Proof. reflexivity. Qed.

Variables (p : P) (dW_h : P -> matrix n n) (dW_i : P -> matrix n m) (db_ih db_hh : P -> column n).
Variables (dW_o : P -> matrix q n) (db_o : P -> column q) (dh_0 : P -> column n).
Hypothesis W_h_derivative : filterdiff W_h (locally p) dW_h.
Hypothesis W_i_derivative : filterdiff W_i (locally p) dW_i.
Hypothesis b_ih_derivative : filterdiff b_ih (locally p) db_ih.
Hypothesis b_hh_derivative : filterdiff b_hh (locally p) db_hh.
Hypothesis W_o_derivative : filterdiff W_o (locally p) dW_o.
Hypothesis b_o_derivative : filterdiff b_o (locally p) db_o.
Hypothesis h_0_derivative : filterdiff h_0 (locally p) dh_0.

(* ∂ℓ_t/∂s_t = o_t - y_t, and diag(1 - h_t²) *)
Definition error (t : nat) : column q := minus (output t p) (y t).
Definition slope_h (t : nat) : column n := componentwise tanh_slope (state_h t p).

Definition is_delta (delta : nat -> column n) : Prop :=
  delta T = times_transposed (W_o p) (error T) /\
  forall i, (1 <= i < T)%nat -> delta i =
    plus (times_transposed (W_o p) (error i)) (times_transposed (W_h p) (diagonal (slope_h (S i)) (delta (S i)))).

(** The backward recursion δ_T = W_oᵀ (o_T - y_T), δ_i = W_oᵀ (o_i - y_i) + W_hᵀ diag(1 - h_{i+1}²) δ_{i+1} has a
    solution. *)
Theorem delta_exists : exists delta, is_delta delta.
Proof.
  eexists. exact (backward_exists tanh tanh_slope W_h drive h_0 p (fun t => times_transposed (W_o p) (error t)) T).
Qed.

Variable delta : nat -> column n.
Hypothesis delta_backward : is_delta delta.
Hypothesis steps : (1 <= T)%nat.
Hypothesis classes : (1 <= q)%nat.
Hypothesis targets : forall t, (1 <= t <= T)%nat -> total (y t) = 1.

(* diag(1 - h_t²) δ_t *)
Definition delta_z (t : nat) : column n := diagonal (slope_h t) (delta t).

Definition gradient_W_h : matrix n n := scal (/ INR T) (sum_n_m (fun t => outer (delta_z t) (state_h (t - 1) p)) 1 T).
Definition gradient_W_i : matrix n m := scal (/ INR T) (sum_n_m (fun t => outer (delta_z t) (x t)) 1 T).
Definition gradient_b : column n := scal (/ INR T) (sum_n_m delta_z 1 T).
Definition gradient_W_o : matrix q n := scal (/ INR T) (sum_n_m (fun t => outer (error t) (state_h t p)) 1 T).
Definition gradient_b_o : column q := scal (/ INR T) (sum_n_m error 1 T).
Definition gradient_h_0 : column n := scal (/ INR T) (times_transposed (W_h p) (delta_z 1)).

Definition drive_derivative (t : nat) (dp : P) : column n := plus (times (dW_i dp) (x t)) (plus (db_ih dp) (db_hh dp)).

Lemma drive_is_differentiable (t : nat) : filterdiff (drive t) (locally p) (drive_derivative t).
Proof.
  apply (filterdiff_plus_fct (fun p => times (W_i p) (x t)) (fun p => plus (b_ih p) (b_hh p))
           (fun dp => times (dW_i dp) (x t)) (fun dp => plus (db_ih dp) (db_hh dp))).
  - apply (filterdiff_comp' W_i (fun A => times A (x t)) p dW_i (fun A => times A (x t))); [exact W_i_derivative|].
    apply filterdiff_linear, (bilinear_is_linear_l times), times_is_bounded_bilinear.
  - now apply filterdiff_plus_fct.
Qed.

Lemma loss_term_derivative (t : nat) : (1 <= t <= T)%nat ->
  filterdiff (fun a : column n * P => cross_entropy (y t) (plus (times (W_o (snd a)) (fst a)) (b_o (snd a))))
    (locally (state_h t p, p))
    (fun d : column n * P => dot (times_transposed (W_o p) (error t)) (fst d) +
                             dot (error t) (plus (times (dW_o (snd d)) (state_h t p)) (db_o (snd d)))).
Proof.
  intros Ht. eapply filterdiff_ext_lin.
  - apply (filterdiff_comp' (fun a : column n * P => plus (times (W_o (snd a)) (fst a)) (b_o (snd a)))
             (cross_entropy (y t))).
    + now apply (affine_derivative W_o b_o p dW_o db_o).
    + apply (cross_entropy_gradient classes (y t)). now apply targets.
  - intros d. cbv beta. change (minus _ (y t)) with (error t). rewrite !dot_plus_r, <- dot_times. real_ring.
Qed.

(** All the gradients of the network at once.  The derivative of the loss in any direction is the sum, over the
    parameters, of the scalar product of the parameter's change with its printed gradient:
    ∂L/∂W_h = (1/T) Σ (diag(1 - h_t²) δ_t) h_{t-1}ᵀ, ∂L/∂W_i = (1/T) Σ (diag(1 - h_t²) δ_t) x_tᵀ,
    ∂L/∂b_ih = ∂L/∂b_hh = (1/T) Σ diag(1 - h_t²) δ_t, ∂L/∂W_o = (1/T) Σ (o_t - y_t) h_tᵀ,
    ∂L/∂b_o = (1/T) Σ (o_t - y_t), ∂L/∂h_0 = (1/T) W_hᵀ diag(1 - h_1²) δ_1, where δ_T = W_oᵀ (o_T - y_T) and
    δ_i = W_oᵀ (o_i - y_i) + W_hᵀ diag(1 - h_{i+1}²) δ_{i+1}, and the entries of each y_t sum to one. *)
Theorem whole_network_gradient : filterdiff network_loss (locally p)
  (fun dp => dot_matrix gradient_W_h (dW_h dp) + dot_matrix gradient_W_i (dW_i dp) +
             dot gradient_b (db_ih dp) + dot gradient_b (db_hh dp) +
             dot_matrix gradient_W_o (dW_o dp) + dot gradient_b_o (db_o dp) + dot gradient_h_0 (dh_0 dp)).
Proof.
  eapply filterdiff_ext_lin.
  - apply (network_derivative tanh tanh_slope W_h drive h_0 p dW_h drive_derivative dh_0)
      with (l := fun t h p => cross_entropy (y t) (plus (times (W_o p) h) (b_o p))) (delta := delta)
           (g := fun t => times_transposed (W_o p) (error t))
           (r := fun t dp => dot (error t) (plus (times (dW_o dp) (state_h t p)) (db_o dp))).
    + exact W_h_derivative.
    + exact drive_is_differentiable.
    + exact h_0_derivative.
    + intros t i Hi. now apply tanh_phi_derivative.
    + exact loss_term_derivative.
    + exact delta_backward.
    + exact steps.
  - intros dp. cbv beta. unfold gradient_W_h, gradient_W_i, gradient_b, gradient_W_o, gradient_b_o, gradient_h_0.
    rewrite !dot_matrix_sum, !dot_sum, dot_scal_l.
    change (local_gradient _ _ _ _ _ _ _) with delta_z. unfold drive_derivative.
    rewrite <- !Rmult_plus_distr_l. f_equal.
    rewrite (sum_dot_plus q T error), !(sum_dot_plus n T delta_z).
    change (hidden tanh W_h drive h_0) with state_h. ring.
Qed.

End WholeNetwork.

(* All the parameters together, as one point of one normed space *)

Section Parameters.
Variables n m q : nat.

Definition parameters : NormedModule R_AbsRing :=
  prod_NormedModule R_AbsRing
    (prod_NormedModule R_AbsRing
       (prod_NormedModule R_AbsRing (matrix n n) (matrix n m)) (prod_NormedModule R_AbsRing (column n) (column n)))
    (prod_NormedModule R_AbsRing (prod_NormedModule R_AbsRing (matrix q n) (column q)) (column n)).

Definition W_h (p : parameters) : matrix n n := fst (fst (fst p)).
Definition W_i (p : parameters) : matrix n m := snd (fst (fst p)).
Definition b_ih (p : parameters) : column n := fst (snd (fst p)).
Definition b_hh (p : parameters) : column n := snd (snd (fst p)).
Definition W_o (p : parameters) : matrix q n := fst (fst (snd p)).
Definition b_o (p : parameters) : column q := snd (fst (snd p)).
Definition h_0 (p : parameters) : column n := snd (snd p).

Lemma filterdiff_fst {U A B : NormedModule R_AbsRing} (x : U) (f df : U -> prod_NormedModule R_AbsRing A B) :
  filterdiff f (locally x) df -> filterdiff (fun u => fst (f u)) (locally x) (fun du => fst (df du)).
Proof.
  intros Hf. apply (filterdiff_comp' f (fun a : A * B => fst a) x df (fun a => fst a)); [exact Hf|].
  apply filterdiff_linear, is_linear_fst.
Qed.

Lemma filterdiff_snd {U A B : NormedModule R_AbsRing} (x : U) (f df : U -> prod_NormedModule R_AbsRing A B) :
  filterdiff f (locally x) df -> filterdiff (fun u => snd (f u)) (locally x) (fun du => snd (df du)).
Proof.
  intros Hf. apply (filterdiff_comp' f (fun a : A * B => snd a) x df (fun a => snd a)); [exact Hf|].
  apply filterdiff_linear, is_linear_snd.
Qed.

(** The theorem above for the network whose parameter is the seven parameters together: its gradient consists of the
    seven printed gradients. *)
Theorem joint_gradient (T : nat) (x : nat -> column m) (y : nat -> column q) (p : parameters)
  (delta : nat -> column n) :
  (1 <= T)%nat -> (1 <= q)%nat -> (forall t, (1 <= t <= T)%nat -> total (y t) = 1) ->
  is_delta T W_h W_i b_ih b_hh W_o b_o h_0 x y p delta ->
  filterdiff (network_loss T W_h W_i b_ih b_hh W_o b_o h_0 x y) (locally p)
    (fun dp => dot_matrix (gradient_W_h T W_h W_i b_ih b_hh h_0 x p delta) (W_h dp) +
               dot_matrix (gradient_W_i T W_h W_i b_ih b_hh h_0 x p delta) (W_i dp) +
               dot (gradient_b T W_h W_i b_ih b_hh h_0 x p delta) (b_ih dp) +
               dot (gradient_b T W_h W_i b_ih b_hh h_0 x p delta) (b_hh dp) +
               dot_matrix (gradient_W_o T W_h W_i b_ih b_hh W_o b_o h_0 x y p) (W_o dp) +
               dot (gradient_b_o T W_h W_i b_ih b_hh W_o b_o h_0 x y p) (b_o dp) +
               dot (gradient_h_0 T W_h W_i b_ih b_hh h_0 x p delta) (h_0 dp)).
Proof.
  intros HT Hq Hy Hdelta. assert (I := filterdiff_id (locally p)).
  apply whole_network_gradient; try assumption.
  - exact (filterdiff_fst p _ _ (filterdiff_fst p _ _ (filterdiff_fst p _ _ I))).
  - exact (filterdiff_snd p _ _ (filterdiff_fst p _ _ (filterdiff_fst p _ _ I))).
  - exact (filterdiff_fst p _ _ (filterdiff_snd p _ _ (filterdiff_fst p _ _ I))).
  - exact (filterdiff_snd p _ _ (filterdiff_snd p _ _ (filterdiff_fst p _ _ I))).
  - exact (filterdiff_fst p _ _ (filterdiff_fst p _ _ (filterdiff_snd p _ _ I))).
  - exact (filterdiff_snd p _ _ (filterdiff_fst p _ _ (filterdiff_snd p _ _ I))).
  - exact (filterdiff_snd p _ _ (filterdiff_snd p _ _ I)).
Qed.

End Parameters.
