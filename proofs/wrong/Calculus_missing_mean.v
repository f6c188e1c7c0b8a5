(* ∂L/∂W_h without the factor 1/T of the mean loss. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise Softmax Network VanillaRnn WholeNetwork.

Section Wrong.
Variables (n T : nat) (u : nat -> column n) (h0 : column n) (l : nat -> column n -> R) (W : matrix n n).
Variables (g delta : nat -> column n) (i j : nat).
Let h := tanh_state n u h0 W.
Let c_transposed t x := times_transposed W (diagonal (componentwise tanh_slope (h t)) x).
Hypothesis g_gradient : forall t, (1 <= t <= T)%nat -> is_gradient (l t) (h t) (g t).
Hypothesis steps : (1 <= T)%nat.
Hypothesis row : (1 <= i <= n)%nat.
Hypothesis col : (1 <= j <= n)%nat.
Hypothesis last : delta T = g T.

Definition adjoint (step : nat -> column n) : Prop := forall t, (1 <= t < T)%nat -> delta t = step t.
Definition claim (value : R) : Prop :=
  is_derive (fun v => tanh_loss n T u h0 l (replace_entry W i j v)) (entries W i j) value.

Ltac script :=
  intros adjoint;
  assert (D := matrix_gradient_entry n n _ W _ i j row col
                 (recurrent_weight_gradient n T u h0 l W g delta g_gradient last adjoint steps));
  match type of D with is_derive _ _ ?right => match goal with |- claim ?claimed =>
    replace claimed with right; [exact D|] end end;
  unfold entries; rewrite (entry_scal n), entry_scal; change scal with Rmult; f_equal;
  rewrite (is_linear_sum (fun A : matrix n n => entry (entry A i) j));
  [ apply sum_ext; intros t _; unfold outer, build_matrix, diagonal, tanh_slopes, componentwise;
    rewrite !entry_build by assumption; reflexivity
  | apply (is_linear_comp (fun A : matrix n n => entry A i) (fun x => entry x j)); apply is_linear_entry ].

Theorem control : adjoint (fun t => plus (g t) (c_transposed (S t) (delta (S t)))) ->
  claim (/ INR T * sum_n_m (fun t => (1 - (entry (h t) i)²) * entry (delta t) i * entry (h (t - 1)) j) 1 T).
Proof. script. Qed.

Theorem wrong : adjoint (fun t => plus (g t) (c_transposed (S t) (delta (S t)))) ->
  claim (sum_n_m (fun t => (1 - (entry (h t) i)²) * entry (delta t) i * entry (h (t - 1)) j) 1 T).
Proof. script. Qed.

End Wrong.
