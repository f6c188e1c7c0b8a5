(* Derivatives on ℝⁿ: a function applied to every component, a matrix times a vector, gradients and partial
   derivatives. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors.
#[local] Arguments sum_n_m : simpl never.
#[local] Arguments Nat.eq_dec : simpl never.

Definition componentwise {n : nat} (phi : R -> R) (z : column n) : column n := build n (fun i => phi (entry z i)).

(** A function φ applied to every component of z has the derivative diag(d), where d_i = φ'(z_i), at every z at which
    φ is differentiable in each component: the factor diag(φ'(z)) of the printed derivation. *)
Theorem componentwise_derivative (n : nat) (phi : R -> R) (z d : column n) :
  (forall i, (1 <= i <= n)%nat -> is_derive phi (entry z i) (entry d i)) ->
  filterdiff (componentwise phi) (locally z) (diagonal d).
Proof.
  intros Hphi. apply (filterdiff_build z n (fun i x => phi (entry x i)) (fun i dx => entry d i * entry dx i)).
  intros i Hi. eapply filterdiff_ext_lin.
  - apply (filterdiff_comp' (fun x : column n => entry x i) phi z (fun dx => entry dx i)); [|exact (Hphi i Hi)].
    apply filterdiff_linear, is_linear_entry.
  - intros dx. apply Rmult_comm.
Qed.

(** tanh applied to every component has the derivative diag(1 - h²) with h = tanh(z): what the printed c_t and b_t of
    the tanh network begin with. *)
Theorem tanh_componentwise_derivative (n : nat) (z : column n) :
  filterdiff (componentwise tanh) (locally z) (diagonal (componentwise (fun y => 1 - y²) (componentwise tanh z))).
Proof.
  apply componentwise_derivative. intros i Hi. unfold componentwise. rewrite !entry_build by exact Hi.
  apply tanh_derivative.
Qed.

(** The logistic function applied to every component has the derivative diag(h (1 - h)) with h = σ(z). *)
Theorem sigmoid_componentwise_derivative (n : nat) (z : column n) : filterdiff (componentwise sigmoid) (locally z)
  (diagonal (componentwise (fun y => y * (1 - y)) (componentwise sigmoid z))).
Proof.
  apply componentwise_derivative. intros i Hi. unfold componentwise. rewrite !entry_build by exact Hi.
  apply sigmoid_derivative.
Qed.

(* A matrix times a vector *)

Lemma norm_times (m n : nat) (A : matrix m n) (x : column n) : norm (times A x) <= INR m * (INR n * (norm A * norm x)).
Proof.
  eapply Rle_trans; [apply norm_build|]. apply sum_le. intros i.
  eapply Rle_trans; [apply Rabs_dot|]. apply Rmult_le_compat_l; [apply pos_INR|].
  apply Rmult_le_compat_r; [apply norm_ge_0 | apply norm_entry].
Qed.

(** The product of a matrix and a vector is a bounded bilinear map: the product rule of Calculus.v covers W h. *)
Theorem times_is_bounded_bilinear (m n : nat) : bounded_bilinear (@times m n).
Proof.
  split.
  - intros A B x. apply tuple_ext. intros i Hi. rewrite entry_plus. unfold times. rewrite !entry_build by exact Hi.
    rewrite (entry_plus m). apply dot_plus_l.
  - intros A x y. apply tuple_ext. intros i Hi. rewrite entry_plus. unfold times. rewrite !entry_build by exact Hi.
    apply dot_plus_r.
  - intros k A x. apply tuple_ext. intros i Hi. rewrite entry_scal. unfold times. rewrite !entry_build by exact Hi.
    rewrite (entry_scal m). apply dot_scal_l.
  - intros k A x. apply tuple_ext. intros i Hi. rewrite entry_scal. unfold times. rewrite !entry_build by exact Hi.
    apply dot_scal_r.
  - exists (INR m * INR n + 1). assert (Pm := pos_INR m). assert (Pn := pos_INR n). split; [nra|].
    intros A x. assert (N := norm_times m n A x). assert (NA := norm_ge_0 A). assert (Nx := norm_ge_0 x).
    assert (P := Rmult_le_pos _ _ NA Nx). nra.
Qed.

Lemma is_linear_times (m n : nat) (A : matrix m n) : is_linear (times A).
Proof. apply (bilinear_is_linear_r times), times_is_bounded_bilinear. Qed.

Lemma is_linear_diagonal (n : nat) (d : column n) : is_linear (diagonal d).
Proof.
  assert (D : filterdiff (diagonal d) (locally (zero : column n)) (diagonal d)); [|exact (proj1 D)].
  apply (filterdiff_build (zero : column n) n (fun i x => entry d i * entry x i) (fun i dx => entry d i * entry dx i)).
  intros i _. apply filterdiff_linear, (is_linear_comp (fun x : column n => entry x i) (fun r : R => entry d i * r)).
  - apply is_linear_entry.
  - apply (is_linear_scal_r (V := R_NormedModule)). exact Rmult_comm.
Qed.

(* Gradients: the derivative as a scalar product *)

Definition is_gradient {n : nat} (L : column n -> R) (x g : column n) : Prop := filterdiff L (locally x) (dot g).
Definition is_matrix_gradient {m n : nat} (L : matrix m n -> R) (A G : matrix m n) : Prop :=
  filterdiff L (locally A) (dot_matrix G).

Definition unit_column (n k : nat) : column n := build n (fun i => if Nat.eq_dec i k then 1 else 0).

Lemma dot_unit (n : nat) (x : column n) (k : nat) : (1 <= k <= n)%nat -> dot x (unit_column n k) = entry x k.
Proof.
  intros Hk. rewrite <- (sum_single n k (entry x) Hk). apply sum_ext. intros i Hi. unfold unit_column.
  rewrite entry_build by exact Hi. destruct (Nat.eq_dec i k); [apply Rmult_1_r | apply Rmult_0_r].
Qed.

Lemma column_in_basis (n : nat) (x : column n) : x = sum_n_m (fun k => scal (entry x k) (unit_column n k)) 1 n.
Proof.
  apply tuple_ext. intros i Hi.
  rewrite (is_linear_sum (fun y : column n => entry y i)) by apply is_linear_entry.
  rewrite <- (sum_single n i (entry x) Hi). apply sum_ext. intros k Hk.
  rewrite entry_scal. unfold unit_column. rewrite entry_build by exact Hi. change scal with Rmult.
  destruct (Nat.eq_dec k i), (Nat.eq_dec i k); try lia; symmetry; (apply Rmult_1_r || apply Rmult_0_r).
Qed.

(** Every differentiable real function on ℝⁿ has a gradient: its derivative is the scalar product with a column, so that
    speaking of gradients below is no restriction. *)
Theorem gradient_exists (n : nat) (L : column n -> R) (x : column n) (l : column n -> R) :
  filterdiff L (locally x) l -> exists g, is_gradient L x g.
Proof.
  intros HL. exists (build n (fun k => l (unit_column n k))). eapply filterdiff_ext_lin; [exact HL|].
  intros y. destruct HL as [Hl _]. rewrite (column_in_basis n y) at 1. rewrite (is_linear_sum l) by exact Hl.
  apply sum_ext. intros k Hk. rewrite entry_build by exact Hk. rewrite (linear_scal l Hl). apply Rmult_comm.
Qed.

(* the same column or matrix with one entry replaced *)
Definition replace {n : nat} (x : column n) (k : nat) (v : R) : column n :=
  build n (fun i => if Nat.eq_dec i k then v else entry x i).
Definition replace_entry {m n : nat} (A : matrix m n) (k l : nat) (v : R) : matrix m n :=
  build m (fun i => if Nat.eq_dec i k then replace (entry A i) l v else entry A i).

Lemma replace_same (n : nat) (x : column n) (k : nat) : replace x k (entry x k) = x.
Proof.
  apply tuple_ext. intros i Hi. unfold replace. rewrite entry_build by exact Hi. now destruct (Nat.eq_dec i k) as [->|].
Qed.

Lemma replace_derivative (n : nat) (x : column n) (k : nat) (v : R) :
  filterdiff (replace x k) (locally v) (fun dv : R => build n (fun i => if Nat.eq_dec i k then dv else 0)).
Proof.
  apply (filterdiff_build (v : R_NormedModule) n (fun i v => if Nat.eq_dec i k then v else entry x i)
           (fun i dv => if Nat.eq_dec i k then dv else 0)).
  intros i _. destruct (Nat.eq_dec i k); [apply filterdiff_id | apply (filterdiff_const (entry x i))].
Qed.

(** The partial derivative by the entry x_k of a differentiable function of a column is its derivative in the direction
    of the k-th unit column. *)
Theorem partial_derivative {V : NormedModule R_AbsRing} (n : nat) (f l : column n -> V) (x : column n) (k : nat) :
  filterdiff f (locally x) l -> is_derive (fun v => f (replace x k v)) (entry x k) (l (unit_column n k)).
Proof.
  intros Hf. eapply filterdiff_ext_lin.
  - apply (filterdiff_comp' (replace x k) f); [apply replace_derivative|]. rewrite replace_same. exact Hf.
  - intros v. cbv beta. rewrite <- (linear_scal l (proj1 Hf)). f_equal. apply tuple_ext. intros i Hi.
    rewrite (entry_scal n). unfold unit_column. rewrite !entry_build by exact Hi. change scal with Rmult.
    destruct (Nat.eq_dec i k); symmetry; [apply Rmult_1_r | apply Rmult_0_r].
Qed.

(** The entries of a gradient are the partial derivatives. *)
Theorem gradient_entry (n : nat) (L : column n -> R) (x g : column n) (k : nat) : (1 <= k <= n)%nat ->
  is_gradient L x g -> is_derive (fun v => L (replace x k v)) (entry x k) (entry g k).
Proof.
  intros Hk HL. assert (D := partial_derivative n L (dot g) x k HL).
  replace (entry g k) with (dot g (unit_column n k)); [exact D|]. apply dot_unit. exact Hk.
Qed.

(** The entry (k, l) of the gradient with respect to a matrix is the partial derivative by its entry (k, l). *)
Theorem matrix_gradient_entry (m n : nat) (L : matrix m n -> R) (A G : matrix m n) (k l : nat) :
  (1 <= k <= m)%nat -> (1 <= l <= n)%nat ->
  is_matrix_gradient L A G -> is_derive (fun v => L (replace_entry A k l v)) (entries A k l) (entries G k l).
Proof.
  intros Hk Hl HL.
  set (row (dv : R) := (build n (fun j => if Nat.eq_dec j l then dv else 0) : column n)).
  eapply filterdiff_ext_lin.
  - apply (filterdiff_comp' (replace_entry A k l) L (entries A k l)
             (fun dv => build m (fun i => if Nat.eq_dec i k then row dv else zero)) (dot_matrix G)).
    + apply (filterdiff_build (entries A k l : R_NormedModule) m
               (fun i v => if Nat.eq_dec i k then replace (entry A i) l v else entry A i)
               (fun i dv => if Nat.eq_dec i k then row dv else zero)).
      intros i _. destruct (Nat.eq_dec i k); [apply replace_derivative | apply (filterdiff_const (entry A i))].
    + replace (replace_entry A k l (entries A k l)) with A; [exact HL|]. symmetry. apply tuple_ext. intros i Hi.
      unfold replace_entry. rewrite entry_build by exact Hi. destruct (Nat.eq_dec i k) as [->|];
        [apply replace_same | reflexivity].
  - intros v. cbv beta. transitivity (entries G k l * v); [|apply Rmult_comm].
    rewrite <- (sum_single m k (fun i => entries G i l * v) Hk). apply sum_ext. intros i Hi.
    rewrite entry_build by exact Hi.
    destruct (Nat.eq_dec i k) as [_|_].
    + rewrite <- (sum_single n l (fun j => entries G i j * v) Hl). apply sum_ext. intros j Hj. unfold row.
      rewrite entry_build by exact Hj. destruct (Nat.eq_dec j l); [reflexivity | apply Rmult_0_r].
    + apply dot_zero_r.
Qed.
