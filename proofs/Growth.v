(* How large the product chain c_t ⋯ c_{i+1} can be, from above and from below.

   N is any number that does not grow faster than a product (‖·‖, for matrices), m any that does not shrink faster
   (σ_n, the smallest singular value).  Nothing is supposed to commute, and no matrix is mentioned: the factors of
   [Algebra.v] are letters. *)
Require Import Reals Lra Lia Arith.
From Bptt Require Export Algebra.

(* ∏_{j=m}^{n} F_j of numbers, 1 when it is empty *)
Fixpoint numbers_up (m k : nat) (F : nat -> R) : R :=
  match k with
  | 0 => 1%R
  | S l => (F (m + l)%nat * numbers_up m l F)%R
  end.
Definition product_of (m n : nat) (F : nat -> R) : R := numbers_up m (S n - m) F.
#[global] Arguments product_of : simpl never.

Section Numbers.
Implicit Types F H : nat -> R.
Local Open Scope R_scope.

Lemma product_of_empty m n F : (n < m)%nat -> product_of m n F = 1.
Proof. intros. unfold product_of. now replace (S n - m)%nat with 0%nat by lia. Qed.

Lemma product_of_last m n F : (m <= S n)%nat -> product_of m (S n) F = F (S n) * product_of m n F.
Proof.
  intros. unfold product_of. replace (S (S n) - m)%nat with (S (S n - m)) by lia. cbn [numbers_up].
  now replace (m + (S n - m))%nat with (S n) by lia.
Qed.

Lemma product_of_nonnegative m n F : (forall j, (m <= j <= n)%nat -> 0 <= F j) -> 0 <= product_of m n F.
Proof.
  induction n as [|n IH]; intros nonnegative.
  - destruct m; [|rewrite product_of_empty by lia; lra].
    unfold product_of. cbn. rewrite Rmult_1_r. apply nonnegative. lia.
  - destruct (le_lt_dec m (S n)); [|rewrite product_of_empty by lia; lra].
    rewrite product_of_last by lia. apply Rmult_le_pos; [apply nonnegative; lia|]. apply IH. intros. apply nonnegative. lia.
Qed.

Lemma product_of_constant m n g : product_of m n (fun _ => g) = g ^ (S n - m).
Proof. unfold product_of. induction (S n - m)%nat as [|k IH]; cbn; [reflexivity|]. now rewrite IH. Qed.

End Numbers.

(* From above *)

Section Above.
Context {C : factors}.
Variable N : C -> R.
Local Open Scope R_scope.
Hypothesis not_negative : forall x, 0 <= N x.
Hypothesis of_product : forall x y : C, N (mul x y) <= N x * N y.
Hypothesis of_unit : N unit <= 1.

Lemma above_by_induction (c : nat -> C) (g : nat -> R) m n :
  (forall j, (m <= j <= n)%nat -> N (c j) <= g j) -> N (product m n c) <= product_of m n g.
Proof.
  induction n as [|n IH]; intros bound.
  - destruct m; [|rewrite product_empty, product_of_empty by lia; exact of_unit].
    rewrite product_one. unfold product_of. cbn. rewrite Rmult_1_r. apply bound. lia.
  - destruct (le_lt_dec m (S n)); [|rewrite product_empty, product_of_empty by lia; exact of_unit].
    rewrite product_last, product_of_last by lia. apply (Rle_trans _ _ _ (of_product _ _)).
    apply Rmult_le_compat; [apply not_negative | apply not_negative | apply bound; lia |].
    apply IH. intros. apply bound. lia.
Qed.

(** The chain is at most as large as the product of its factors: ‖c_t ⋯ c_{i+1}‖ ≤ ‖c_t‖ ⋯ ‖c_{i+1}‖. *)
Theorem submultiplicative (c : nat -> C) i t :
  N (∏ j ∈ [S i, t], c j) <= product_of (S i) t (fun j => N (c j)).
Proof. apply above_by_induction. intros. apply Rle_refl. Qed.

(** A bound for every factor bounds the chain: ‖c_j‖ ≤ g_j gives ‖c_t ⋯ c_{i+1}‖ ≤ g_t ⋯ g_{i+1}. *)
Theorem factorwise (c : nat -> C) (g : nat -> R) i t :
  (forall j, (S i <= j <= t)%nat -> N (c j) <= g j) ->
  N (∏ j ∈ [S i, t], c j) <= product_of (S i) t g.
Proof. apply above_by_induction. Qed.

(** One bound for all factors: ‖c_j‖ ≤ g gives ‖c_t ⋯ c_{i+1}‖ ≤ g^(t-i), the lag being the exponent. *)
Theorem bounded_by_power (c : nat -> C) (g : R) i t : (i <= t)%nat ->
  (forall j, (S i <= j <= t)%nat -> N (c j) <= g) ->
  N (∏ j ∈ [S i, t], c j) <= g ^ (t - i).
Proof.
  intros order bound. replace (t - i)%nat with (S t - S i)%nat by lia.
  rewrite <- (product_of_constant (S i) t g). now apply factorwise.
Qed.

(** One factor of the vanilla network: ‖diag(d) W‖ ≤ γ σ where ‖diag(d)‖ ≤ γ and ‖W‖ ≤ σ. *)
Theorem one_factor (slope W : C) (gamma sigma : R) :
  N slope <= gamma -> N W <= sigma -> N (mul slope W) <= gamma * sigma.
Proof.
  intros. apply (Rle_trans _ _ _ (of_product _ _)). now apply Rmult_le_compat.
Qed.

(** γσ < 1 is sufficient for vanishing: for every ε > 0 there is a lag from which on ‖c_t ⋯ c_{i+1}‖ < ε. *)
Theorem vanishes (c : nat -> C) (g : R) : 0 <= g < 1 -> (forall j, N (c j) <= g) ->
  forall epsilon, 0 < epsilon -> exists lag, forall i t, (i + lag <= t)%nat -> N (∏ j ∈ [S i, t], c j) < epsilon.
Proof.
  intros [positive small] bound epsilon epsilon_positive.
  destruct (pow_lt_1_zero g) with (y := epsilon) as [lag far].
  - rewrite Rabs_pos_eq by lra. lra.
  - exact epsilon_positive.
  - exists lag. intros i t late. apply (Rle_lt_trans _ (g ^ (t - i))).
    + apply bounded_by_power; [lia|]. intros. apply bound.
    + apply (Rle_lt_trans _ (Rabs (g ^ (t - i)))); [apply Rle_abs|]. apply far. lia.
Qed.

(** γσ > 1 is necessary for exploding: a chain that somewhere is larger than 1 has a bound of its factors above 1. *)
Theorem explodes_only_above_one (c : nat -> C) (g : R) i t : 0 <= g -> (i <= t)%nat ->
  (forall j, N (c j) <= g) -> 1 < N (∏ j ∈ [S i, t], c j) -> 1 < g.
Proof.
  intros positive order bound large. destruct (Rlt_le_dec 1 g) as [|small]; [assumption|]. exfalso.
  assert (power : g ^ (t - i) <= 1 ^ (t - i)) by (apply pow_incr; lra).
  rewrite pow1 in power.
  assert (N (∏ j ∈ [S i, t], c j) <= g ^ (t - i)) by (apply bounded_by_power; [exact order|]; intros; apply bound).
  lra.
Qed.

(** A power between two others: W = X Λ Y with Y X = 1 gives ‖W^k‖ ≤ ‖X‖ ‖Λ‖^k ‖Y‖, for Λ diagonal κ(X) ρ^k. *)
Theorem power_of_similar (W X L Y : C) k : mul Y X = unit -> mul X Y = unit -> W = mul X (mul L Y) ->
  N (∏ j ∈ [1, k], W) <= N X * N L ^ k * N Y.
Proof.
  intros inverse other ->.
  assert (same : forall n, product 1 n (fun _ => mul X (mul L Y)) = mul X (mul (product 1 n (fun _ => L)) Y)).
  { intros n. induction n as [|n IH].
    - rewrite !product_empty, mul_unit_left by lia. now symmetry.
    - rewrite !product_last, IH, !mul_assoc by lia.
      now rewrite <- (mul_assoc _ (mul X L) Y X), inverse, mul_unit_right. }
  rewrite same. apply (Rle_trans _ _ _ (of_product _ _)). rewrite Rmult_assoc.
  apply Rmult_le_compat_l; [apply not_negative|]. apply (Rle_trans _ _ _ (of_product _ _)).
  apply Rmult_le_compat_r; [apply not_negative|].
  replace (N L ^ k) with (N L ^ (k - 0)) by (f_equal; lia).
  apply bounded_by_power; [lia|]. intros. apply Rle_refl.
Qed.

End Above.

(* From below *)

Section Below.
Context {C : factors}.
Variable m : C -> R.
Local Open Scope R_scope.
Hypothesis not_negative : forall x, 0 <= m x.
Hypothesis of_product : forall x y : C, m x * m y <= m (mul x y).
Hypothesis of_unit : 1 <= m unit.

(** From below: σ_n(c_t) ⋯ σ_n(c_{i+1}) ≤ σ_n(c_t ⋯ c_{i+1}). *)
Theorem supermultiplicative (c : nat -> C) i t :
  product_of (S i) t (fun j => m (c j)) <= m (∏ j ∈ [S i, t], c j).
Proof.
  induction t as [|t IH]; [rewrite product_of_empty, product_empty by lia; exact of_unit|].
  destruct (le_lt_dec (S i) (S t)); [|rewrite product_of_empty, product_empty by lia; exact of_unit].
  rewrite product_of_last, product_last by lia. apply (Rle_trans _ (m (c (S t)) * m (∏ j ∈ [S i, t], c j))).
  - now apply Rmult_le_compat_l.
  - apply of_product.
Qed.

(** One bound from below for all factors: σ_n(c_j) ≥ s ≥ 0 gives σ_n(c_t ⋯ c_{i+1}) ≥ s^(t-i). *)
Theorem bounded_below_by_power (c : nat -> C) (s : R) i t : 0 <= s -> (i <= t)%nat ->
  (forall j, (S i <= j <= t)%nat -> s <= m (c j)) ->
  s ^ (t - i) <= m (∏ j ∈ [S i, t], c j).
Proof.
  intros positive. induction t as [|t IH]; intros order bound.
  - replace i with 0%nat by lia. rewrite product_empty by lia. exact of_unit.
  - destruct (Nat.eq_dec i (S t)) as [->|].
    + rewrite product_empty, Nat.sub_diag by lia. exact of_unit.
    + rewrite product_last by lia. replace (S t - i)%nat with (S (t - i)) by lia. cbn [pow].
      apply (Rle_trans _ (m (c (S t)) * m (∏ j ∈ [S i, t], c j))); [|apply of_product].
      apply Rmult_le_compat; [exact positive | now apply pow_le | apply bound; lia |].
      apply IH; [lia|]. intros. apply bound. lia.
Qed.

End Below.

(* What the factors do to vectors *)

Section Vectors.
Context {C : factors} {M : acted_on C}.
Variable length : M -> R.
Local Open Scope R_scope.
Hypothesis not_negative : forall u, 0 <= length u.

(** No vector grows by more than g^(t-i) where none grows by more than g in one step; ‖·‖ is the least such g. *)
Theorem stretched_at_most (c : nat -> C) (g : R) i t u : 0 <= g -> (i <= t)%nat ->
  (forall j v, (S i <= j <= t)%nat -> length (act (c j) v) <= g * length v) ->
  length (act (∏ j ∈ [S i, t], c j) u) <= g ^ (t - i) * length u.
Proof.
  intros positive. induction t as [|t IH]; intros order bound.
  - replace i with 0%nat by lia. rewrite product_empty, act_unit by lia. cbn. lra.
  - destruct (Nat.eq_dec i (S t)) as [->|].
    + rewrite product_empty, act_unit, Nat.sub_diag by lia. cbn. lra.
    + rewrite product_last, act_mul by lia. replace (S t - i)%nat with (S (t - i)) by lia. cbn [pow].
      apply (Rle_trans _ _ _ (bound (S t) _ ltac:(lia))). rewrite Rmult_assoc.
      apply Rmult_le_compat_l; [exact positive|]. apply IH; [lia|]. intros. apply bound. lia.
Qed.

(** ρ^k from below: along an eigenvector v (W v = λ v, where λ stretches by |λ| = r and commutes with W) W^k stretches
    by r^k, so no bound of W^k is less than r^k. *)
Theorem eigenvalue_below (W : C) (scaled : M -> M) (r : R) (v : M) :
  (forall u, length (scaled u) = r * length u) -> (forall u, act W (scaled u) = scaled (act W u)) ->
  act W v = scaled v -> 0 < length v ->
  forall k g, (forall u, length (act (∏ j ∈ [1, k], W) u) <= g * length u) -> r ^ k <= g.
Proof.
  intros stretch commutes eigen nonzero k g bound.
  assert (moves : forall n, length (act (product 1 n (fun _ => W)) v) = r ^ n * length v /\
                            act W (act (product 1 n (fun _ => W)) v) = scaled (act (product 1 n (fun _ => W)) v)).
  { intros n. induction n as [|n [size again]].
    - rewrite product_empty, act_unit by lia. split; [cbn; lra | exact eigen].
    - rewrite product_last, act_mul, again by lia. split.
      + rewrite stretch, size. cbn. lra.
      + now rewrite commutes, again. }
  specialize (bound v). destruct (moves k) as [size _]. rewrite size in bound.
  now apply Rmult_le_reg_r with (length v).
Qed.

End Vectors.

(* The bounds are about something: numbers, which multiply, with |x|. *)
Definition real_factors : factors := Factors R 1%R Rmult
  (fun x y z => eq_sym (Rmult_assoc x y z)) Rmult_1_l Rmult_1_r.

(** An instance: for numbers the bound of the chain is an equality, |w ⋯ w| = |w|^(t-i). *)
Theorem numbers_meet_the_bound (w : R) i t : (i <= t)%nat ->
  Rabs (product (C := real_factors) (S i) t (fun _ => w)) = (Rabs w ^ (t - i))%R.
Proof.
  intros order. replace (t - i)%nat with (S t - S i)%nat by lia. unfold product.
  induction (S t - S i)%nat as [|k IH]; cbn; [apply Rabs_R1|]. now rewrite Rabs_mult, IH.
Qed.
