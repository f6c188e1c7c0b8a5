(* What the wrong statements of wrong/ claim is false: each by an example in small numbers. *)
From Bptt Require Import Rtrl Artbp Variance.
From Coq Require Import Arith Lia ZArith QArith Qcanon.
Local Open Scope nat_scope.
Local Open Scope letters_scope.

(* Integers, and 2 × 2 matrices of integers, which do not commute *)

Definition integer_sums : sums := Sums Z 0%Z Z.add Z.add_assoc Z.add_comm Z.add_0_l.

Ltac by_entries :=
  cbn -[Z.add Z.mul]; intros; cbn -[Z.add Z.mul] in *;
  repeat match goal with x : (_ * _)%type |- _ => destruct x end; cbn -[Z.add Z.mul];
  repeat apply (f_equal2 pair); ring.

Definition pair_sums : sums.
Proof.
  refine (Sums (Z * Z) (0, 0)%Z (fun u v => (fst u + fst v, snd u + snd v)%Z) _ _ _); by_entries.
Defined.

Definition matrix_factors : factors.
Proof.
  refine (Factors ((Z * Z) * (Z * Z)) ((1, 0), (0, 1))%Z
    (fun '((a, b), (c, d)) '((e, f), (g, h)) => ((a*e + b*g, a*f + b*h), (c*e + d*g, c*f + d*h))%Z) _ _ _); by_entries.
Defined.

Definition column_terms : acted_on matrix_factors.
Proof.
  refine (ActedOn matrix_factors pair_sums (fun '((a, b), (c, d)) '(x, y) => (a*x + b*y, c*x + d*y)%Z)
    _ _ _ _); by_entries.
Defined.

Definition run {C : factors} {M : acted_on C} (b : nat -> M) (c : nat -> C) (a0 : M) : nat -> M :=
  fix a t := match t with 0 => a0 | S s => b (S s) + c (S s) • a s end.

Lemma run_recurrence {C : factors} {M : acted_on C} (b : nat -> M) (c : nat -> C) (a0 : M) (T : nat) t :
  1 <= t <= T -> run b c a0 t = b t + c t • run b c a0 (t - 1).
Proof. intros. destruct t as [|t]; [lia|]. now replace (S t - 1) with t by lia. Qed.

(* Terms that differ from step to step, factors that do not commute *)
Definition some_term (t : nat) : column_terms := (Z.of_nat t, 1%Z).
Definition some_factor (t : nat) : matrix_factors := if Nat.even t then ((1, 1), (0, 1))%Z else ((1, 0), (2, 1))%Z.

(* A claim about a_t by b, c and t, for every recurrence that starts at zero *)
Definition solved_by (value : forall (C : factors) (M : acted_on C), (nat -> M) -> (nat -> C) -> nat -> M) : Prop :=
  forall (C : factors) (M : acted_on C) (a b : nat -> M) (c : nat -> C) (T : nat),
    (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
    a 0 = zero ->
    forall t, 1 <= t <= T -> a t = value C M b c t.

(* The example says that it is false, three steps in. *)
Ltac three_steps :=
  intros claim;
  specialize (claim _ _ (run some_term some_factor zero) some_term some_factor 3
                (run_recurrence some_term some_factor zero 3) eq_refl 3 ltac:(lia));
  vm_compute in claim; discriminate.

(** In the other order the product is wrong: factors need not commute. *)
Theorem order_reversed_is_wrong : ~ solved_by (fun C M b c t =>
  b t + (∑ i ∈ [1, t - 1], (∏ j ∈ [S i, t], c (t + S i - j)%nat) • b i)).
Proof. three_steps. Qed.

(** With the sum up to t beside the direct term, b_t is counted twice. *)
Theorem sum_to_t_is_wrong : ~ solved_by (fun C M b c t =>
  b t + (∑ i ∈ [1, t], (∏ j ∈ [S i, t], c j) • b i)).
Proof. three_steps. Qed.

(** A product that includes the factor of step i is wrong. *)
Theorem product_from_i_is_wrong : ~ solved_by (fun C M b c t =>
  b t + (∑ i ∈ [1, t - 1], (∏ j ∈ [i, t], c j) • b i)).
Proof. three_steps. Qed.

(** A product that leaves out the factor of step t is wrong. *)
Theorem product_to_before_t_is_wrong : ~ solved_by (fun C M b c t =>
  b t + (∑ i ∈ [1, t - 1], (∏ j ∈ [S i, t - 1], c j) • b i)).
Proof. three_steps. Qed.

(** Without the direct term b_t the sum is wrong. *)
Theorem direct_term_missing_is_wrong : ~ solved_by (fun C M b c t =>
  ∑ i ∈ [1, t - 1], (∏ j ∈ [S i, t], c j) • b i).
Proof. three_steps. Qed.

(** Factors whose subscripts do not move, c_t for c_j, are wrong: a misprint of a textbook. *)
Theorem stale_factors_are_wrong : ~ solved_by (fun C M b c t =>
  b t + (∑ i ∈ [1, t - 1], (∏ j ∈ [S i, t], c t) • b i)).
Proof. three_steps. Qed.

(** A term whose subscript does not move, b_t for b_i, is wrong: a misprint of a textbook. *)
Theorem stale_term_is_wrong : ~ solved_by (fun C M b c t =>
  b t + (∑ i ∈ [1, t - 1], (∏ j ∈ [S i, t], c j) • b t)).
Proof. three_steps. Qed.

(** A sum that starts at 2 is wrong. *)
Theorem sum_from_2_is_wrong : ~ solved_by (fun C M b c t =>
  b t + (∑ i ∈ [2, t - 1], (∏ j ∈ [S i, t], c j) • b i)).
Proof. three_steps. Qed.

(** The fourth line of the expansion as a textbook misprints it is wrong: c_{t-2} before a_{t-3} must not be missing.  With
    t = 4, since a_0 may be zero. *)
Theorem factor_missing_is_wrong : ~ (forall (C : factors) (M : acted_on C) (a b : nat -> M) (c : nat -> C) (T : nat),
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  a 0 = zero ->
  forall t, 3 <= t <= T ->
  a t = b t + c t • b (t - 1) + (c t * c (t - 1)) • b (t - 2) + (c t * c (t - 1)) • a (t - 3)).
Proof.
  intros claim.
  specialize (claim _ _ (run some_term some_factor zero) some_term some_factor 4
                (run_recurrence some_term some_factor zero 4) eq_refl 4 ltac:(lia)).
  vm_compute in claim. discriminate.
Qed.

(** A start that does not vanish must not be forgotten. *)
Theorem start_forgotten_is_wrong : ~ (forall (C : factors) (M : acted_on C) (a b : nat -> M) (c : nat -> C) (T : nat),
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  forall t, t <= T -> a t = (∑ i ∈ [1, t], (∏ j ∈ [S i, t], c j) • b i)).
Proof.
  intros claim.
  specialize (claim _ _ (run some_term some_factor (1, 0)%Z) some_term some_factor 1
                (run_recurrence some_term some_factor (1, 0)%Z 1) 1 ltac:(lia)).
  vm_compute in claim. discriminate.
Qed.

(* Exchanges of sums *)

Definition exchanged (columns : forall L : sums, (nat -> nat -> L) -> nat -> L) : Prop :=
  forall (L : sums) (F : nat -> nat -> L) (T : nat), (∑ t ∈ [1, T], ∑ i ∈ [1, t], F t i) = columns L F T.

Ltac two_by_two :=
  intros claim; specialize (claim integer_sums (fun t i => Z.of_nat (3 * t + i)) 2);
  vm_compute in claim; discriminate.

(** The exchange over the other triangle is wrong. *)
Theorem wrong_triangle_is_wrong : ~ exchanged (fun L F T => ∑ i ∈ [1, T], ∑ t ∈ [1, i], F t i).
Proof. two_by_two. Qed.

(** The exchange without the diagonal is wrong. *)
Theorem without_diagonal_is_wrong : ~ exchanged (fun L F T => ∑ i ∈ [1, T], ∑ t ∈ [S i, T], F t i).
Proof. two_by_two. Qed.

(** The exchange over the whole square is wrong. *)
Theorem whole_square_is_wrong : ~ exchanged (fun L F T => ∑ i ∈ [1, T], ∑ t ∈ [1, T], F t i).
Proof. two_by_two. Qed.
