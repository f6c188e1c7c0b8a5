(* The gradient of the tanh network with softmax and cross-entropy with respect to each parameter, the others held. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise Softmax Network VanillaRnn WholeNetwork.
#[local] Arguments sum_n_m : simpl never.

Lemma filterdiff_pair {U A B : NormedModule R_AbsRing} (x : U) (f df : U -> A) (g dg : U -> B) :
  filterdiff f (locally x) df -> filterdiff g (locally x) dg ->
  filterdiff (fun u => (f u, g u)) (locally x) (fun du => (df du, dg du)).
Proof.
  intros Hf Hg. apply (filterdiff_comp'_2 f g (fun a b => (a, b)) x df dg (fun a b => (a, b)) Hf Hg).
  apply filterdiff_ext with (f := fun t : A * B => t); [now intros [a b]|].
  eapply filterdiff_ext_lin; [apply filterdiff_id | now intros [a b]].
Qed.

Section Gradients.
Variables (n m q T : nat) (x : nat -> column m) (y : nat -> column q).
#[local] Notation parameters := (parameters n m q).
#[local] Notation W_h := (W_h n m q).
#[local] Notation W_i := (W_i n m q).
#[local] Notation b_ih := (b_ih n m q).
#[local] Notation b_hh := (b_hh n m q).
#[local] Notation W_o := (W_o n m q).
#[local] Notation b_o := (b_o n m q).
#[local] Notation h_0 := (h_0 n m q).

Definition all_parameters (W_h : matrix n n) (W_i : matrix n m) (b_ih b_hh : column n) (W_o : matrix q n)
  (b_o : column q) (h_0 : column n) : parameters := (((W_h, W_i), (b_ih, b_hh)), ((W_o, b_o), h_0)).

Definition with_W_h p V := all_parameters V (W_i p) (b_ih p) (b_hh p) (W_o p) (b_o p) (h_0 p).
Definition with_W_i p V := all_parameters (W_h p) V (b_ih p) (b_hh p) (W_o p) (b_o p) (h_0 p).
Definition with_b_ih p v := all_parameters (W_h p) (W_i p) v (b_hh p) (W_o p) (b_o p) (h_0 p).
Definition with_b_hh p v := all_parameters (W_h p) (W_i p) (b_ih p) v (W_o p) (b_o p) (h_0 p).
Definition with_W_o p V := all_parameters (W_h p) (W_i p) (b_ih p) (b_hh p) V (b_o p) (h_0 p).
Definition with_b_o p v := all_parameters (W_h p) (W_i p) (b_ih p) (b_hh p) (W_o p) v (h_0 p).
Definition with_h_0 p v := all_parameters (W_h p) (W_i p) (b_ih p) (b_hh p) (W_o p) (b_o p) v.

Definition rnn_loss : parameters -> R := network_loss T W_h W_i b_ih b_hh W_o b_o h_0 x y.

(* h_t, o_t - y_t, the conditions on δ, and diag(1 - h_t²) δ_t *)
Definition rnn_state (p : parameters) (t : nat) : column n := state_h W_h W_i b_ih b_hh h_0 x t p.
Definition rnn_error (p : parameters) (t : nat) : column q := error W_h W_i b_ih b_hh W_o b_o h_0 x y p t.
Definition rnn_delta (p : parameters) (delta : nat -> column n) : Prop :=
  is_delta T W_h W_i b_ih b_hh W_o b_o h_0 x y p delta.
Definition rnn_delta_z (p : parameters) (delta : nat -> column n) (t : nat) : column n :=
  diagonal (componentwise tanh_slope (rnn_state p t)) (delta t).

Variables (p : parameters) (delta : nat -> column n).
Hypothesis steps : (1 <= T)%nat.
Hypothesis classes : (1 <= q)%nat.
Hypothesis targets : forall t, (1 <= t <= T)%nat -> total (y t) = 1.
Hypothesis backward : rnn_delta p delta.

#[local] Notation e := (rnn_delta_z p delta).
#[local] Notation h := (rnn_state p).

Lemma all_parameters_of (r : parameters) :
  all_parameters (W_h r) (W_i r) (b_ih r) (b_hh r) (W_o r) (b_o r) (h_0 r) = r.
Proof. now destruct r as [[[? ?] [? ?]] [[? ?] ?]]. Qed.

Ltac one_parameter with_one :=
  eapply filterdiff_ext_lin;
  [ apply (filterdiff_comp' (with_one p) rnn_loss _ (with_one zero));
    [ repeat apply filterdiff_pair; (apply filterdiff_id || apply filterdiff_const)
    | replace (with_one p _) with p by (symmetry; apply all_parameters_of);
      apply (joint_gradient n m q T x y p delta steps classes targets backward) ]
  | intros direction; cbv beta;
    try replace (W_h _) with (zero : matrix n n) by reflexivity;
    try replace (W_i _) with (zero : matrix n m) by reflexivity;
    try replace (b_ih _) with (zero : column n) by reflexivity;
    try replace (b_hh _) with (zero : column n) by reflexivity;
    try replace (W_o _) with (zero : matrix q n) by reflexivity;
    try replace (b_o _) with (zero : column q) by reflexivity;
    try replace (h_0 _) with (zero : column n) by reflexivity;
    rewrite ?dot_matrix_zero_r, ?dot_zero_r, ?Rplus_0_l, ?Rplus_0_r; reflexivity ].

(** The gradient with respect to W_h, all else held: ∂L/∂W_h = (1/T) Σ_t (diag(1 - h_t²) δ_t) h_{t-1}ᵀ. *)
Theorem gradient_of_W_h : is_matrix_gradient (fun V => rnn_loss (with_W_h p V)) (W_h p)
  (scal (/ INR T) (sum_n_m (fun t => outer (e t) (h (t - 1))) 1 T)).
Proof. one_parameter with_W_h. Qed.

(** The gradient with respect to W_i, all else held: ∂L/∂W_i = (1/T) Σ_t (diag(1 - h_t²) δ_t) x_tᵀ. *)
Theorem gradient_of_W_i : is_matrix_gradient (fun V => rnn_loss (with_W_i p V)) (W_i p)
  (scal (/ INR T) (sum_n_m (fun t => outer (e t) (x t)) 1 T)).
Proof. one_parameter with_W_i. Qed.

(** The gradient with respect to b_ih, all else held: ∂L/∂b_ih = (1/T) Σ_t diag(1 - h_t²) δ_t. *)
Theorem gradient_of_b_ih : is_gradient (fun v => rnn_loss (with_b_ih p v)) (b_ih p) (scal (/ INR T) (sum_n_m e 1 T)).
Proof. one_parameter with_b_ih. Qed.

(** The gradient with respect to b_hh, all else held, is the same: ∂L/∂b_hh = (1/T) Σ_t diag(1 - h_t²) δ_t. *)
Theorem gradient_of_b_hh : is_gradient (fun v => rnn_loss (with_b_hh p v)) (b_hh p) (scal (/ INR T) (sum_n_m e 1 T)).
Proof. one_parameter with_b_hh. Qed.

(** The gradient with respect to W_o, all else held: ∂L/∂W_o = (1/T) Σ_t (o_t - y_t) h_tᵀ. *)
Theorem gradient_of_W_o : is_matrix_gradient (fun V => rnn_loss (with_W_o p V)) (W_o p)
  (scal (/ INR T) (sum_n_m (fun t => outer (rnn_error p t) (h t)) 1 T)).
Proof. one_parameter with_W_o. Qed.

(** The gradient with respect to b_o, all else held: ∂L/∂b_o = (1/T) Σ_t (o_t - y_t). *)
Theorem gradient_of_b_o : is_gradient (fun v => rnn_loss (with_b_o p v)) (b_o p)
  (scal (/ INR T) (sum_n_m (rnn_error p) 1 T)).
Proof. one_parameter with_b_o. Qed.

(** The gradient with respect to the initial state, all else held: ∂L/∂h_0 = (1/T) W_hᵀ diag(1 - h_1²) δ_1. *)
Theorem gradient_of_h_0 : is_gradient (fun v => rnn_loss (with_h_0 p v)) (h_0 p)
  (scal (/ INR T) (times_transposed (W_h p) (e 1%nat))).
Proof. one_parameter with_h_0. Qed.

End Gradients.
