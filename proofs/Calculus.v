(* Derivatives of the pieces of a recurrent cell h_t = σ(β(W, h_{t-1}) + u_t).

   W and H are real normed spaces, β a bounded bilinear map (a matrix times a vector is one, see Componentwise.v), σ a
   map that is differentiable where it is used, u the part that depends neither on W nor on h_{t-1}. *)
Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.

Record bounded_bilinear {W H Z : NormedModule R_AbsRing} (beta : W -> H -> Z) : Prop := {
  bilinear_plus_l : forall w w' h, beta (plus w w') h = plus (beta w h) (beta w' h);
  bilinear_plus_r : forall w h h', beta w (plus h h') = plus (beta w h) (beta w h');
  bilinear_scal_l : forall (k : R) w h, beta (scal k w) h = scal k (beta w h);
  bilinear_scal_r : forall (k : R) w h, beta w (scal k h) = scal k (beta w h);
  bilinear_bound : exists M, 0 < M /\ forall w h, norm (beta w h) <= M * norm w * norm h
}.

Section Bilinear.
Context {W H Z : NormedModule R_AbsRing}.
Variable beta : W -> H -> Z.
Hypothesis bilinear : bounded_bilinear beta.

Lemma bilinear_is_linear_r (w : W) : is_linear (beta w).
Proof.
  destruct bilinear as [_ Hplus _ Hscal [M [M0 bound]]]. split; [intros; apply Hplus | intros; apply Hscal |].
  exists (M * norm w + 1). assert (Qw := norm_ge_0 w). split; [nra|].
  intros h. assert (Qh := norm_ge_0 h). specialize (bound w h). nra.
Qed.

Lemma bilinear_is_linear_l (h : H) : is_linear (fun w => beta w h).
Proof.
  destruct bilinear as [Hplus _ Hscal _ [M [M0 bound]]]. split; [intros; apply Hplus | intros; apply Hscal |].
  exists (M * norm h + 1). assert (Qh := norm_ge_0 h). split; [nra|].
  intros w. assert (Qw := norm_ge_0 w). specialize (bound w h). nra.
Qed.

Lemma minus_back {V : NormedModule R_AbsRing} (x y : V) : plus y (minus x y) = x.
Proof. unfold minus. now rewrite plus_comm, <- plus_assoc, plus_opp_l, plus_zero_r. Qed.

Lemma plus_minus {V : NormedModule R_AbsRing} (x y : V) : minus (plus x y) y = x.
Proof. unfold minus. now rewrite <- plus_assoc, plus_opp_r, plus_zero_r. Qed.

(* β(w,h) - β(w0,h0) - (β(w - w0, h0) + β(w0, h - h0)) = β(w - w0, h - h0): the remainder is of second order *)
Lemma bilinear_remainder (w w0 : W) (h h0 : H) :
  minus (minus (beta w h) (beta w0 h0)) (plus (beta (minus w w0) h0) (beta w0 (minus h h0))) =
  beta (minus w w0) (minus h h0).
Proof.
  rewrite <- (minus_back w w0) at 1. rewrite <- (minus_back h h0) at 1.
  set (dw := minus w w0). set (dh := minus h h0).
  rewrite (bilinear_plus_r _ bilinear), !(bilinear_plus_l _ bilinear).
  set (a := beta w0 h0). set (p := beta dw h0). set (q := beta w0 dh). set (r := beta dw dh).
  replace (plus (plus a p) (plus q r)) with (plus (plus r (plus p q)) a); [now rewrite !plus_minus|].
  rewrite plus_comm, <- !plus_assoc. f_equal. rewrite (plus_comm r), <- plus_assoc. reflexivity.
Qed.

Lemma second_order (M eps nw nh d : R) :
  0 < M -> 0 <= nw -> 0 <= nh -> nw <= d -> nh <= d -> d < eps / M -> M * nw * nh <= eps * d.
Proof.
  intros HM Hw Hh Hwd Hhd near. assert (Md : M * d <= eps).
  { apply Rlt_le, (Rmult_le_compat_l M) in near; [|lra]. now replace (M * (eps / M)) with eps in near by (field; lra). }
  apply Rle_trans with (M * d * d); [|apply Rmult_le_compat_r; lra].
  apply Rmult_le_compat; [apply Rmult_le_pos; lra | lra | apply Rmult_le_compat_l; lra | lra].
Qed.

(** The product rule for a bounded bilinear map β of the weights and the state: its derivative at (h, w) in the
    direction (dh, dw) is β(dw, h) + β(w, dh). *)
Theorem bilinear_derivative (h0 : H) (w0 : W) :
  filterdiff (fun x : H * W => beta (snd x) (fst x)) (locally (h0, w0))
             (fun d : H * W => plus (beta (snd d) h0) (beta w0 (fst d))).
Proof.
  split.
  { apply (is_linear_comp (fun d : H * W => (beta (snd d) h0, beta w0 (fst d)))
             (fun q : Z * Z => plus (fst q) (snd q)));
      [apply is_linear_prod | apply is_linear_plus].
    - apply (is_linear_comp (fun d : H * W => snd d) (fun w => beta w h0));
        [apply is_linear_snd | apply bilinear_is_linear_l].
    - apply (is_linear_comp (fun d : H * W => fst d) (beta w0)); [apply is_linear_fst | apply bilinear_is_linear_r]. }
  intros p Hp. assert (E := is_filter_lim_locally_unique _ _ Hp). subst p. cbn [fst snd]. clear Hp.
  intros eps. destruct (bilinear_bound _ bilinear) as [M [M0 bound]].
  assert (Hd : 0 < eps / M) by (apply Rdiv_lt_0_compat; [apply eps | exact M0]).
  assert (L : locally (h0, w0) (ball_norm (h0, w0) (mkposreal _ Hd))).
  { apply (locally_le_locally_norm (h0, w0)), locally_norm_ball_norm. }
  revert L. apply filter_imp. intros [h w] near. unfold ball_norm in near. cbn [pos fst snd] in *.
  change (fst (minus (h, w) (h0, w0))) with (minus h h0).
  change (snd (minus (h, w) (h0, w0))) with (minus w w0).
  rewrite bilinear_remainder.
  assert (Nh := norm_le_prod_norm_1 (minus (h, w) (h0, w0))).
  assert (Nw := norm_le_prod_norm_2 (minus (h, w) (h0, w0))).
  change (fst (minus (h, w) (h0, w0))) with (minus h h0) in Nh.
  change (snd (minus (h, w) (h0, w0))) with (minus w w0) in Nw.
  eapply Rle_trans; [apply bound|].
  now apply (second_order M eps (norm (minus w w0)) (norm (minus h h0))); try apply norm_ge_0.
Qed.

(** One step of a recurrent cell, h_t = σ(β(W, h_{t-1}) + u_t): with D the derivative of σ at the argument, the
    derivative in the direction (dh, dW) is D β(dW, h_{t-1}) + D β(W, dh). The first term is b_t, the second c_t, of
    the printed derivation: b_t dW = D β(dW, h_{t-1}) and c_t dh = D β(W, dh). *)
Theorem cell_derivative (sigma D : Z -> Z) (u : Z) (h0 : H) (w0 : W) :
  filterdiff sigma (locally (plus (beta w0 h0) u)) D ->
  filterdiff (fun x : H * W => sigma (plus (beta (snd x) (fst x)) u)) (locally (h0, w0))
             (fun d : H * W => plus (D (beta (snd d) h0)) (D (beta w0 (fst d)))).
Proof.
  intros Hs. eapply filterdiff_ext_lin.
  - apply (filterdiff_comp' (fun x : H * W => plus (beta (snd x) (fst x)) u) sigma); [|exact Hs].
    apply (filterdiff_plus_fct (fun x : H * W => beta (snd x) (fst x)) (fun _ => u)
        (fun d : H * W => plus (beta (snd d) h0) (beta w0 (fst d))) (fun _ => zero)).
    + apply bilinear_derivative.
    + apply filterdiff_const.
  - intros d. cbv beta. rewrite plus_zero_r. destruct Hs as [HD _]. now apply linear_plus.
Qed.

End Bilinear.

(* The scalar activations.  [is_derive f x l] is f'(x) = l. *)

Definition sigmoid (x : R) : R := / (1 + exp (- x)).

(** tanh' = 1 - tanh². *)
Theorem tanh_derivative (x : R) : is_derive tanh x (1 - (tanh x)²).
Proof.
  unfold tanh, sinh, cosh, Rsqr. assert (P := exp_pos x). assert (N := exp_pos (- x)).
  auto_derive; [lra|]. field. lra.
Qed.

(** The derivative of the logistic function σ is σ (1 - σ). *)
Theorem sigmoid_derivative (x : R) : is_derive sigmoid x (sigmoid x * (1 - sigmoid x)).
Proof.
  unfold sigmoid. assert (N := exp_pos (- x)). auto_derive; [lra|]. field. lra.
Qed.

(** The derivative of the rectifier max(0, z) is 1 for z > 0 and 0 for z < 0; at 0 this says nothing. *)
Theorem relu_derivative (x : R) : x <> 0 -> is_derive (Rmax 0) x (if Rlt_dec 0 x then 1 else 0).
Proof.
  intros Hx. destruct (Rlt_dec 0 x) as [P|N].
  - apply is_derive_ext_loc with (f := fun y => y); [|apply (is_derive_id x)].
    assert (L := open_gt 0 x P). revert L. apply filter_imp. intros y Hy. symmetry. apply Rmax_right. lra.
  - apply is_derive_ext_loc with (f := fun _ => 0); [|apply (is_derive_const 0)].
    assert (L := open_lt 0 x ltac:(lra)). revert L. apply filter_imp. intros y Hy. symmetry. apply Rmax_left. lra.
Qed.
