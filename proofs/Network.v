(* The derivative of a recurrent network on ℝⁿ with respect to anything it depends on.

     z_t = W_h h_{t-1} + u_t,   h_t = φ(z_t) in every component,   L = (1/T) Σ_{t=1}^{T} ℓ_t(h_t)

   P is any real normed space of parameters, and W_h, u_t, h_0 and ℓ_t are differentiable functions of p in P: P may
   hold one matrix or all the parameters of the network at once.  The activation is differentiable where it is used, and
   its derivative is written in its value, φ'(z) = slope(φ(z)): 1 - h² for tanh, h (1 - h) for the logistic function. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise.
#[local] Arguments sum_n_m : simpl never.

(** The derivative of a layer A(p) h + b(p), whose matrix and bias are differentiable functions of p, by h and p
    together: dA h + A dh + db. *)
Theorem affine_derivative {P : NormedModule R_AbsRing} {m n : nat} (A : P -> matrix m n) (b : P -> column m) (p : P)
  (dA : P -> matrix m n) (db : P -> column m) : filterdiff A (locally p) dA -> filterdiff b (locally p) db ->
  forall h, filterdiff (fun x : column n * P => plus (times (A (snd x)) (fst x)) (b (snd x))) (locally (h, p))
              (fun d : column n * P => plus (plus (times (dA (snd d)) h) (times (A p) (fst d))) (db (snd d))).
Proof.
  intros HA Hb h.
  apply (filterdiff_plus_fct (fun x : column n * P => times (A (snd x)) (fst x)) (fun x : column n * P => b (snd x))
           (fun d : column n * P => plus (times (dA (snd d)) h) (times (A p) (fst d)))
           (fun d : column n * P => db (snd d))).
  - apply (filterdiff_comp'_2 (fun x : column n * P => fst x) (fun x : column n * P => A (snd x)) (fun h A => times A h)
             (h, p) (fun d => fst d) (fun d => dA (snd d)) (fun dh dA => plus (times dA h) (times (A p) dh))).
    + apply filterdiff_linear, is_linear_fst.
    + apply (filterdiff_comp' (fun x : column n * P => snd x) A (h, p) (fun d => snd d) dA); [|exact HA].
      apply filterdiff_linear, is_linear_snd.
    + apply (bilinear_derivative times), times_is_bounded_bilinear.
  - apply (filterdiff_comp' (fun x : column n * P => snd x) b (h, p) (fun d => snd d) db); [|exact Hb].
    apply filterdiff_linear, is_linear_snd.
Qed.

Section Network.
Context {P : NormedModule R_AbsRing} {n : nat}.
Variables (phi slope : R -> R).
Variables (Wh : P -> matrix n n) (u : nat -> P -> column n) (h0 : P -> column n).

Definition preactivation (t : nat) (h : column n) (p : P) : column n := plus (times (Wh p) h) (u t p).
Definition step (t : nat) (h : column n) (p : P) : column n := componentwise phi (preactivation t h p).
Definition hidden (t : nat) (p : P) : column n := state step h0 t p.

Variable p : P.
Variables (dWh : P -> matrix n n) (du : nat -> P -> column n) (dh0 : P -> column n).
Hypothesis Wh_derivative : filterdiff Wh (locally p) dWh.
Hypothesis u_derivative : forall t, filterdiff (u t) (locally p) (du t).
Hypothesis h0_derivative : filterdiff h0 (locally p) dh0.
Hypothesis phi_derivative : forall t i, (1 <= i <= n)%nat ->
  is_derive phi (entry (preactivation (S t) (hidden t p) p) i) (slope (entry (hidden (S t) p) i)).

(* the diagonal φ'(z_t), and the printed b_t and c_t *)
Definition slopes (t : nat) : column n := componentwise slope (hidden t p).
Definition direct (t : nat) (dp : P) : column n :=
  diagonal (slopes t) (plus (times (dWh dp) (hidden (t - 1) p)) (du t dp)).
Definition jacobian (t : nat) (dh : column n) : column n := diagonal (slopes t) (times (Wh p) dh).

(** One step of the network: its derivative is b_t plus c_t with b_t = diag(φ'(z_t)) (dW_h h_{t-1} + du_t) and
    c_t = diag(φ'(z_t)) W_h. *)
Theorem step_derivative (t : nat) :
  filterdiff (fun x : column n * P => step (S t) (fst x) (snd x)) (locally (hidden t p, p))
             (fun d : column n * P => plus (direct (S t) (snd d)) (jacobian (S t) (fst d))).
Proof.
  eapply filterdiff_ext_lin.
  - apply (filterdiff_comp' (fun x : column n * P => preactivation (S t) (fst x) (snd x)) (componentwise phi)).
    + apply (affine_derivative Wh (u (S t)) p dWh (du (S t)) Wh_derivative (u_derivative (S t))).
    + apply (componentwise_derivative n phi _ (slopes (S t))). intros i Hi. unfold slopes, componentwise at 1.
      rewrite entry_build by exact Hi. now apply phi_derivative.
  - intros d. cbv beta. unfold direct, jacobian. rewrite <- (linear_plus _ (is_linear_diagonal n (slopes (S t)))).
    f_equal.
    replace (S t - 1)%nat with t by lia. rewrite <- !plus_assoc. f_equal. apply plus_comm.
Qed.

Lemma jacobian_is_linear (t : nat) : is_linear (jacobian t).
Proof.
  apply (is_linear_comp (times (Wh p)) (diagonal (slopes t))); [apply is_linear_times | apply is_linear_diagonal].
Qed.

(* Backwards: δ_T = g_T,  δ_i = g_i + c_{i+1}ᵀ δ_{i+1} with c_{i+1}ᵀ δ = W_hᵀ diag(φ'(z_{i+1})) δ *)

Definition jacobian_transposed (t : nat) (d : column n) : column n := times_transposed (Wh p) (diagonal (slopes t) d).

Definition is_backward (g : nat -> column n) (T : nat) (delta : nat -> column n) : Prop :=
  delta T = g T /\ forall i, (1 <= i < T)%nat -> delta i = plus (g i) (jacobian_transposed (S i) (delta (S i))).

Lemma jacobian_transpose (t : nat) (d x : column n) : dot (jacobian_transposed t d) x = dot d (jacobian t x).
Proof. unfold jacobian_transposed, jacobian. now rewrite dot_diagonal, dot_times. Qed.

Lemma backward_is_adjoint (g delta : nat -> column n) (T : nat) : is_backward g T delta ->
  is_adjoint jacobian (fun t => dot (g t)) T (fun t => dot (delta t)).
Proof.
  intros [Htop Hstep]. split; [now rewrite Htop|].
  intros i Hi x. now rewrite (Hstep i Hi), dot_plus_l, jacobian_transpose.
Qed.

Fixpoint sweep (g : nat -> column n) (T k : nat) : column n :=
  match k with
  | 0 => g T
  | S k' => plus (g (T - k)%nat) (jacobian_transposed (S (T - k)) (sweep g T k'))
  end.

(** The backward recursion has a solution, for every network and all g: what is said of δ below is never empty. *)
Theorem backward_exists (g : nat -> column n) (T : nat) : is_backward g T (fun i => sweep g T (T - i)).
Proof.
  split; [now rewrite Nat.sub_diag|]. intros i Hi. replace (T - i)%nat with (S (T - S i)) by lia. cbn [sweep].
  now replace (T - S (T - S i))%nat with i by lia.
Qed.

(** The derivative of the state h_t by p, expanded: b_t + Σ_{i<t} (c_t ⋯ c_{i+1}) b_i with the b and c of this
    network, for an h_0 that does not depend on p. *)
Theorem hidden_derivative (t : nat) : (1 <= t)%nat -> (forall dp, dh0 dp = zero) -> filterdiff (hidden t) (locally p)
  (fun dp => plus (direct t dp) (sum_n_m (fun i => chain jacobian i (t - i) (direct i dp)) 1 (t - 1))).
Proof.
  apply (state_derivative_expanded step h0 p direct jacobian dh0 h0_derivative);
    [apply step_derivative | apply jacobian_is_linear].
Qed.

(* The loss, whose ℓ_t may depend on p also directly (through an output layer): g_t = ∂ℓ_t/∂h_t, r_t = ∂ℓ_t/∂p *)

Variables (l : nat -> column n -> P -> R) (g delta : nat -> column n) (r : nat -> P -> R) (T : nat).
Hypothesis l_derivative : forall t, (1 <= t <= T)%nat ->
  filterdiff (fun x : column n * P => l t (fst x) (snd x)) (locally (hidden t p, p))
             (fun d : column n * P => dot (g t) (fst d) + r t (snd d)).
Hypothesis backward : is_backward g T delta.

Definition mean_loss (p : P) : R := / INR T * sum_n_m (fun t => l t (hidden t p) p) 1 T.

(* diag(φ'(z_t)) δ_t *)
Definition local_gradient (t : nat) : column n := diagonal (slopes t) (delta t).

Lemma forward_sum (dp : P) : (1 <= T)%nat ->
  sum_n_m (fun t => dot (g t) (forward direct jacobian dh0 t dp)) 1 T =
  dot (times_transposed (Wh p) (local_gradient 1)) (dh0 dp) +
  sum_n_m (fun t => dot (local_gradient t) (plus (times (dWh dp) (hidden (t - 1) p)) (du t dp))) 1 T.
Proof.
  intros HT. rewrite (adjoint_sum direct jacobian dh0 (fun t => dot (g t)) (fun t => dot (delta t)) T).
  - rewrite <- jacobian_transpose. f_equal. apply sum_ext. intros t _. apply dot_diagonal.
  - apply jacobian_is_linear.
  - intros t. apply is_linear_dot.
  - now apply backward_is_adjoint.
  - exact HT.
Qed.

(** The derivative of the loss of a recurrent network by all it depends on, by backpropagation through time:
    dL = (1/T) Σ_t (∂ℓ_t + (diag(φ'(z_t)) δ_t)ᵀ (dW_h h_{t-1} + du_t)) + (1/T) (W_hᵀ diag(φ'(z_1)) δ_1)ᵀ dh_0, with
    δ_T = g_T, δ_i = g_i + W_hᵀ diag(φ'(z_{i+1})) δ_{i+1}, g_t the gradient of ℓ_t by h_t. *)
Theorem network_derivative : (1 <= T)%nat -> filterdiff mean_loss (locally p)
  (fun dp => / INR T * (sum_n_m (fun t => r t dp) 1 T +
     (dot (times_transposed (Wh p) (local_gradient 1)) (dh0 dp) +
      sum_n_m (fun t => dot (local_gradient t) (plus (times (dWh dp) (hidden (t - 1) p)) (du t dp))) 1 T))).
Proof.
  intros HT. eapply filterdiff_ext_lin.
  - apply (filterdiff_scal_r_fct (V := R_NormedModule) (/ INR T) (fun p => sum_n_m (fun t => l t (hidden t p) p) 1 T));
      [exact Rmult_comm|].
    apply (filterdiff_sum p T (fun t p => l t (hidden t p) p)
             (fun t dp => dot (g t) (forward direct jacobian dh0 t dp) + r t dp)).
    intros t Ht.
    apply (filterdiff_comp'_2 (hidden t) (fun p => p) (l t) p
             (forward direct jacobian dh0 t) (fun dp => dp) (fun dh dp => dot (g t) dh + r t dp)).
    + apply (state_derivative_recurrence step h0 p direct jacobian dh0 h0_derivative), step_derivative.
    + apply filterdiff_id.
    + now apply l_derivative.
  - intros dp. cbv beta. rewrite sum_plus, forward_sum by exact HT. change scal with Rmult. real_ring.
Qed.

End Network.
