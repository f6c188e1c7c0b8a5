(* The wrong statements about growth are false: for upper triangular matrices (p q; 0 r) with their largest row sum.

   They also show that the hypotheses of [Growth.v] hold of something that does not commute. *)
Require Import Reals Lra Lia.
From Bptt Require Import Growth.

(* (p, q, r) is the matrix (p q; 0 r) *)
Definition triangle : Type := (R * R * R)%type.
Definition times (x y : triangle) : triangle :=
  match x, y with (p, q, r), (p', q', r') => ((p * p')%R, (p * q' + q * r')%R, (r * r')%R) end.

Definition triangles : factors.
Proof.
  refine (Factors triangle (1, 0, 1)%R times _ _ _);
    intros; repeat match goal with x : triangle |- _ => destruct x as [[? ?] ?] end; cbn; repeat apply (f_equal2 pair); ring.
Defined.

(* The largest sum of the |entries| of a row: ‖A‖ where the size of a column is its largest |entry|. *)
Definition rows_sum (x : triangles) : R := match x with (p, q, r) => Rmax (Rabs p + Rabs q) (Rabs r) end.

Lemma not_negative x : (0 <= rows_sum x)%R.
Proof.
  destruct x as [[p q] r]. cbn. apply (Rle_trans _ (Rabs r)); [apply Rabs_pos | apply Rmax_r].
Qed.

Lemma of_product (x y : triangles) : (rows_sum (mul x y) <= rows_sum x * rows_sum y)%R.
Proof.
  destruct x as [[p q] r], y as [[p' q'] r']. cbn. rewrite !Rabs_mult.
  pose proof (Rabs_triang (p * q') (q * r')) as sum. rewrite !Rabs_mult in sum.
  pose proof (Rmax_l (Rabs p + Rabs q) (Rabs r)). pose proof (Rmax_r (Rabs p + Rabs q) (Rabs r)).
  pose proof (Rmax_l (Rabs p' + Rabs q') (Rabs r')). pose proof (Rmax_r (Rabs p' + Rabs q') (Rabs r')).
  set (M := Rmax (Rabs p + Rabs q) (Rabs r)) in *. set (M' := Rmax (Rabs p' + Rabs q') (Rabs r')) in *.
  pose proof (Rabs_pos p). pose proof (Rabs_pos q). pose proof (Rabs_pos r).
  pose proof (Rabs_pos p'). pose proof (Rabs_pos q'). pose proof (Rabs_pos r').
  apply Rmax_lub; [|apply Rmult_le_compat; lra].
  apply (Rle_trans _ (Rabs p * (Rabs p' + Rabs q') + Rabs q * Rabs r')); [lra|].
  apply (Rle_trans _ ((Rabs p + Rabs q) * M')).
  - rewrite Rmult_plus_distr_r. apply Rplus_le_compat; apply Rmult_le_compat_l; lra.
  - apply Rmult_le_compat_r; lra.
Qed.

Lemma of_unit : rows_sum unit = 1%R.
Proof. cbn. rewrite Rabs_R0, Rabs_R1, Rplus_0_r. apply Rmax_left. lra. Qed.

Definition diagonal (p r : R) : triangles := (p, 0%R, r).

Lemma size_of_diagonal p r : rows_sum (diagonal p r) = Rmax (Rabs p) (Rabs r).
Proof. cbn. now rewrite Rabs_R0, Rplus_0_r. Qed.

(** One factor too many is wrong: the chain of one factor 1/2 is not at most (1/2)². *)
Theorem one_factor_too_many : exists (c : nat -> triangles) (g : R),
  (forall j, rows_sum (c j) <= g)%R /\ ~ (rows_sum (∏ j ∈ [1, 1], c j) <= g ^ 2)%R.
Proof.
  exists (fun _ => diagonal (1 / 2) (1 / 2)), (1 / 2)%R.
  rewrite product_one, size_of_diagonal, Rmax_left, Rabs_pos_eq by lra. split; [intros|]; lra.
Qed.

(** The reversed bound is wrong: two factors of norm 1 whose product is zero. *)
Theorem reversed : exists c : nat -> triangles,
  ~ (product_of 1 2 (fun j => rows_sum (c j)) <= rows_sum (∏ j ∈ [1, 2], c j))%R.
Proof.
  exists (fun j => match j with 1 => diagonal 1 0 | _ => diagonal 0 1 end).
  rewrite !product_of_last, product_of_empty by lia. rewrite product_last, product_one by lia.
  rewrite !size_of_diagonal. cbn. rewrite !Rmult_0_l, !Rmult_0_r, !Rplus_0_l, !Rabs_R0, !Rabs_R1.
  unfold Rmax. repeat destruct Rle_dec; lra.
Qed.

(** γσ > 1 is not sufficient for exploding: the zero factor is at most 2. *)
Theorem large_factors_do_not_explode : exists (c : nat -> triangles) (g : R),
  (1 < g)%R /\ (forall j, rows_sum (c j) <= g)%R /\ ~ (1 < rows_sum (∏ j ∈ [1, 1], c j))%R.
Proof.
  exists (fun _ => diagonal 0 0), 2%R. rewrite product_one.
  rewrite size_of_diagonal, Rmax_left, Rabs_R0 by lra. repeat split; intros; lra.
Qed.

(** Without the condition number the bound is wrong: (1 -1; 0 0) is similar to diag(1, 0), and of norm 2. *)
Theorem without_condition_number : exists W X L Y : triangles,
  mul Y X = unit /\ mul X Y = unit /\ W = mul X (mul L Y) /\ ~ (rows_sum (∏ j ∈ [1, 1], W) <= rows_sum L ^ 1)%R.
Proof.
  exists (1, -1, 0)%R, (1, 1, 1)%R, (diagonal 1 0), (1, -1, 1)%R. rewrite product_one, size_of_diagonal.
  repeat split; try (cbn; repeat apply (f_equal2 pair); ring).
  rewrite Rabs_R0, Rabs_R1, Rmax_left by lra. cbn. rewrite Rabs_R0, Rabs_R1, (Rabs_left (-1)) by lra.
  unfold Rmax. repeat destruct Rle_dec; lra.
Qed.
