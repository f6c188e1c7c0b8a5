(* The gradients of the tanh recurrent network, as printed.

     h_t = tanh(W_h h_{t-1} + u_t),   L = (1/T) Σ_{t=1}^{T} ℓ_t(h_t)

   first with respect to W_h alone and for any differentiable ℓ_t, then of the whole network with respect to all its
   parameters, u_t = W_i x_t + b_ih + b_hh, s_t = W_o h_t + b_o, ℓ_t the cross-entropy of softmax(s_t). *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise Softmax Network.
#[local] Arguments sum_n_m : simpl never.

(* 1 - h²: tanh' in the value *)
Definition tanh_slope (y : R) : R := 1 - y².

Lemma tanh_phi_derivative (n : nat) (z : column n) (i : nat) : (1 <= i <= n)%nat ->
  is_derive tanh (entry z i) (tanh_slope (entry (componentwise tanh z) i)).
Proof. intros Hi. unfold componentwise. rewrite entry_build by exact Hi. apply tanh_derivative. Qed.

(* Sums of outer products against a direction *)

Lemma dot_matrix_sum (m n T : nat) (k : R) (d : nat -> column m) (x : nat -> column n) (A : matrix m n) :
  dot_matrix (scal k (sum_n_m (fun t => outer (d t) (x t)) 1 T)) A =
    k * sum_n_m (fun t => dot (d t) (times A (x t))) 1 T.
Proof.
  rewrite dot_matrix_scal_l. f_equal. induction T as [|T IH].
  - rewrite !sum_n_m_zero by lia. apply dot_matrix_zero_l.
  - rewrite sum_S, sum_n_Sm by lia. now rewrite dot_matrix_plus_l, IH, <- dot_outer.
Qed.

Lemma dot_sum (n T : nat) (k : R) (d : nat -> column n) (x : column n) :
  dot (scal k (sum_n_m d 1 T)) x = k * sum_n_m (fun t => dot (d t) x) 1 T.
Proof.
  rewrite dot_scal_l. f_equal. rewrite dot_comm, (is_linear_sum (dot x) T d) by apply is_linear_dot.
  apply sum_ext. intros t _. apply dot_comm.
Qed.

Lemma sum_dot_plus (n T : nat) (d x y : nat -> column n) :
  sum_n_m (fun t => dot (d t) (plus (x t) (y t))) 1 T =
  sum_n_m (fun t => dot (d t) (x t)) 1 T + sum_n_m (fun t => dot (d t) (y t)) 1 T.
Proof. rewrite <- sum_plus. apply sum_ext. intros t _. apply dot_plus_r. Qed.

Section RecurrentWeights.
Variables (n T : nat) (u : nat -> column n) (h0 : column n) (l : nat -> column n -> R) (W : matrix n n).
Variables (g delta : nat -> column n).

Fixpoint tanh_state (W : matrix n n) (t : nat) : column n :=
  match t with
  | 0 => h0
  | S s => componentwise tanh (plus (times W (tanh_state W s)) (u (S s)))
  end.

Definition tanh_loss (W : matrix n n) : R := / INR T * sum_n_m (fun t => l t (tanh_state W t)) 1 T.

(* 1 - h_t² *)
Definition tanh_slopes (t : nat) : column n := componentwise tanh_slope (tanh_state W t).

Hypothesis g_gradient : forall t, (1 <= t <= T)%nat -> is_gradient (l t) (tanh_state W t) (g t).
Hypothesis delta_last : delta T = g T.
Hypothesis delta_step : forall i, (1 <= i < T)%nat ->
  delta i = plus (g i) (times_transposed W (diagonal (tanh_slopes (S i)) (delta (S i)))).
Hypothesis steps : (1 <= T)%nat.

Lemma hidden_is_tanh_state (V : matrix n n) (t : nat) :
  hidden tanh (fun V => V) (fun t _ => u t) (fun _ => h0) t V = tanh_state V t.
Proof. induction t as [|t IH]; [reflexivity|]. cbn [tanh_state]. now rewrite <- IH. Qed.

Lemma slopes_are_tanh_slopes (t : nat) :
  slopes tanh tanh_slope (fun V => V) (fun t _ => u t) (fun _ => h0) W t = tanh_slopes t.
Proof. unfold slopes. now rewrite hidden_is_tanh_state. Qed.

Lemma delta_is_backward : is_backward tanh tanh_slope (fun V => V) (fun t _ => u t) (fun _ => h0) W g T delta.
Proof.
  split; [exact delta_last|]. intros i Hi. unfold jacobian_transposed. rewrite slopes_are_tanh_slopes.
  now apply delta_step.
Qed.

(** The gradient of the tanh recurrent network with respect to W_h, for any differentiable ℓ_t with gradients g_t at
    h_t: ∂L/∂W_h = (1/T) Σ_t (diag(1 - h_t²) δ_t) h_{t-1}ᵀ with δ_T = g_T and δ_i = g_i + W_hᵀ diag(1 - h_{i+1}²)
    δ_{i+1}. *)
Theorem recurrent_weight_gradient :
  is_matrix_gradient tanh_loss W
    (scal (/ INR T) (sum_n_m (fun t => outer (diagonal (tanh_slopes t) (delta t)) (tanh_state W (t - 1))) 1 T)).
Proof.
  apply filterdiff_ext
    with (f := mean_loss tanh (fun V => V) (fun t _ => u t) (fun _ => h0) (fun t x _ => l t x) T).
  { intros V. unfold mean_loss, tanh_loss. f_equal. apply sum_ext. intros t _. now rewrite hidden_is_tanh_state. }
  eapply filterdiff_ext_lin.
  - apply (network_derivative tanh tanh_slope (fun V => V) (fun t _ => u t) (fun _ => h0) W (fun dW => dW)
             (fun _ _ => zero) (fun _ => zero)) with (g := g) (delta := delta) (r := fun _ _ => 0).
    + apply filterdiff_id.
    + intros t. apply filterdiff_const.
    + apply filterdiff_const.
    + intros t i Hi. now apply tanh_phi_derivative.
    + intros t Ht. rewrite hidden_is_tanh_state. eapply filterdiff_ext_lin.
      * apply (filterdiff_comp' (fun x : column n * matrix n n => fst x) (l t)); [|now apply g_gradient].
        apply filterdiff_linear, is_linear_fst.
      * intros x. symmetry. apply Rplus_0_r.
    + exact delta_is_backward.
    + exact steps.
  - intros dW. rewrite dot_matrix_sum. f_equal. cbv beta. rewrite dot_zero_r, sum_zero, !Rplus_0_l.
    apply sum_ext. intros t _. unfold local_gradient.
    now rewrite slopes_are_tanh_slopes, hidden_is_tanh_state, plus_zero_r.
Qed.

(** Entry by entry: the partial derivative of the loss by the entry (i, j) of W_h is
    (1/T) Σ_t (1 - h_{t,i}²) δ_{t,i} h_{t-1,j}. *)
Theorem recurrent_weight_entry (i j : nat) : (1 <= i <= n)%nat -> (1 <= j <= n)%nat ->
  is_derive (fun v => tanh_loss (replace_entry W i j v)) (entries W i j)
    (/ INR T *
     sum_n_m (fun t => (1 - (entry (tanh_state W t) i)²) * entry (delta t) i * entry (tanh_state W (t - 1)) j) 1 T).
Proof.
  intros Hi Hj. assert (D := matrix_gradient_entry n n tanh_loss W _ i j Hi Hj recurrent_weight_gradient).
  match type of D with is_derive _ _ ?value => replace (/ INR T * _) with value; [exact D|] end.
  unfold entries. rewrite (entry_scal n), entry_scal. change scal with Rmult. f_equal.
  rewrite (is_linear_sum (fun A : matrix n n => entry (entry A i) j)).
  - apply sum_ext. intros t _. unfold outer, build_matrix, diagonal, tanh_slopes, componentwise.
    now rewrite !entry_build by assumption.
  - apply (is_linear_comp (fun A : matrix n n => entry A i) (fun x => entry x j)); apply is_linear_entry.
Qed.

End RecurrentWeights.
