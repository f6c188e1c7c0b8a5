(* What the wrong statements of wrong/ claim is false: each by an example in small numbers. *)
From Bptt Require Import Rtrl Artbp Variance Links.
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

(* Numbers that are rows, terms and factors of each other *)

Section Rows.
Variable K : numbers.
Add Ring numbers_here : (numbers_ring K).

Definition number_rows : rows (number_factors K).
Proof. refine (Rows (number_factors K) K (@times K) _ _ _ _); cbn; intros; ring. Defined.

Definition number_pairing : pairing (number_factors K) number_rows number_terms K.
Proof. refine (Pairing (number_factors K) number_rows number_terms K (@times K) _ _ _ _ _); cbn; intros; ring. Defined.

#[local] Instance number_carry : linear_carry K number_rows.
Proof. intros k g x. cbn. ring. Qed.

#[local] Instance number_bilinear : linear_pairing K number_pairing.
Proof. split; intros; cbn; ring. Qed.
End Rows.
#[local] Existing Instances number_carry number_bilinear.

Definition integers : numbers.
Proof. refine (Numbers integer_sums 1%Z Z.mul Z.opp _ _ _ _ _); cbn -[Z.add Z.mul]; intros; ring. Defined.

Definition fraction_sums : sums := Sums Qc 0%Qc Qcplus Qcplus_assoc Qcplus_comm Qcplus_0_l.
Definition fractions : numbers.
Proof. refine (Numbers fraction_sums 1%Qc Qcmult Qcopp _ _ _ _ _); cbn -[Qcplus Qcmult]; intros; ring. Defined.

(* The adjoint *)

Definition seed (t : nat) : number_rows integers := Z.of_nat t.
Definition ones (t : nat) : number_terms (K := integers) := 1%Z.
Definition growing (t : nat) : number_factors integers := Z.of_nat (S t).

Definition adjoint_by (step : forall (C : factors) (G : rows C), (nat -> G) -> (nat -> C) -> nat -> G -> G) : Prop :=
  forall (C : factors) (G : rows C) (M : acted_on C) (L : sums) (pair : pairing C G M L)
    (a b : nat -> M) (c : nat -> C) (g delta : nat -> G) (T : nat),
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  a 0 = zero ->
  delta T = g T ->
  (forall t, 1 <= t < T -> delta t = step C G g c t (delta (S t))) ->
  (∑ t ∈ [1, T], pair (g t) (a t)) = (∑ i ∈ [1, T], pair (delta i) (b i)).

Ltac two_steps_back :=
  match goal with |- ~ adjoint_by ?step => intros claim;
    specialize (claim _ _ _ _ (number_pairing integers) (run ones growing (zero : integers)) ones growing seed
      (fun t => if t =? 1 then step _ (number_rows integers) seed growing 1 (seed 2) else seed 2) 2
      (run_recurrence ones growing (zero : integers) 2) eq_refl eq_refl
      ltac:(intros t Ht; replace t with 1 by lia; reflexivity));
    vm_compute in claim; discriminate
  end.

(** The adjoint carried by c_t, not by c_{t+1}, is wrong. *)
Theorem factor_of_same_step_is_wrong : ~ adjoint_by (fun C G g c t next => g t + next ◃ c t).
Proof. two_steps_back. Qed.

(** The adjoint's recursion without the seed of its own step is wrong. *)
Theorem without_seed_is_wrong : ~ adjoint_by (fun C G g c t next => next ◃ c (S t)).
Proof. two_steps_back. Qed.

(** The adjoint's recursion without a factor is wrong. *)
Theorem without_factor_is_wrong : ~ adjoint_by (fun C G g c t next => g t + next).
Proof. two_steps_back. Qed.

(** The factor applied to the seed as well is wrong. *)
Theorem factor_before_seed_is_wrong : ~ adjoint_by (fun C G g c t next => (g t + next) ◃ c (S t)).
Proof. two_steps_back. Qed.

(* The forward pass *)

Definition forward_pass_adds (gradient : forall (C : factors) (G : rows C) (M : acted_on C) (L : sums),
    pairing C G M L -> (nat -> M) -> (nat -> G) -> nat -> L) : Prop :=
  forall (C : factors) (G : rows C) (M : acted_on C) (L : sums) (pair : pairing C G M L)
    (a b : nat -> M) (c : nat -> C) (g : nat -> G) (T : nat),
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  a 0 = zero ->
  snd (one_pass_forward pair b c g T) = gradient C G M L pair a g T.

Ltac two_steps :=
  intros claim;
  specialize (claim _ _ _ _ (number_pairing integers) (run ones growing (zero : integers)) ones growing seed 2
    (run_recurrence ones growing (zero : integers) 2) eq_refl);
  vm_compute in claim; discriminate.

(** A pass that adds g_t a_{t-1}, the derivative of the state before, is wrong. *)
Theorem stale_derivative_is_wrong :
  ~ forward_pass_adds (fun C G M L pair a g T => ∑ t ∈ [1, T], pair (g t) (a (t - 1))).
Proof. two_steps. Qed.

(** A pass that adds the last step only is wrong. *)
Theorem last_step_only_is_wrong : ~ forward_pass_adds (fun C G M L pair a g T => pair (g T) (a T)).
Proof. two_steps. Qed.

(* Randomised truncation: π_1 = 1/2, π_2 = 1/3 *)

Ltac different_fractions claim := apply (f_equal this) in claim; vm_compute in claim; discriminate.
Ltac equal_fractions := apply Qc_is_canon; vm_compute; reflexivity.

Definition kept (t : nat) : fractions := if t =? 1 then Q2Qc (1 # 2) else Q2Qc (1 # 3).
Definition inverse_kept (t : nat) : fractions := if t =? 1 then Q2Qc 2 else Q2Qc 3.
Definition fraction_ones (t : nat) : number_terms (K := fractions) := one.
Definition doubling (t : nat) : number_factors fractions := Q2Qc 2.

Lemma kept_inverses t : 1 <= t <= 2 -> inverse_kept t ⋅ kept t = one.
Proof. intros. assert (E : t = 1 \/ t = 2) by lia. destruct E as [-> | ->]; equal_fractions. Qed.

(* ξ_t is xi π 1/π t cut, and the step is cut with the probability chance π t. *)
Definition truncated_by (chance : forall K : numbers, (nat -> K) -> nat -> K)
  (xi : forall K : numbers, (nat -> K) -> (nat -> K) -> nat -> bool -> K) : Prop :=
  forall (K : numbers) (C : factors) (M : acted_on C) (scaling : scaled K M) (linear : linear_action K M)
    (a b : nat -> M) (c : nat -> C) (pi inverse : nat -> K) (T : nat) (z : list bool -> nat -> M),
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  (forall t, 1 <= t <= T -> inverse t ⋅ pi t = one) ->
  (forall h, z h 0 = a 0) ->
  (forall h t, 1 <= t <= T ->
    z h t = b t + xi K pi inverse t (nth (t - 1) h false) × c t • z h (t - 1)) ->
  forall t, t <= T -> mean (fun past => chance K pi (S (length past))) T (fun h => z h t) = a t.

Fixpoint random_run (xi : nat -> bool -> fractions) (h : list bool) (t : nat) : number_terms (K := fractions) :=
  match t with
  | 0 => zero
  | S s => fraction_ones (S s) + xi (S s) (nth s h false) × doubling (S s) • random_run xi h s
  end.

Ltac two_random_steps :=
  match goal with |- ~ truncated_by _ ?xi => intros claim;
    specialize (claim fractions _ _ _ _ (run fraction_ones doubling (zero : fractions)) fraction_ones doubling
      kept inverse_kept 2 (random_run (xi fractions kept inverse_kept))
      (run_recurrence fraction_ones doubling (zero : fractions) 2) kept_inverses (fun _ => eq_refl)
      ltac:(intros h [|t] Ht; [lia|]; cbn; rewrite ?Nat.sub_0_r; reflexivity) 2 (le_n 2));
    different_fractions claim
  end.

(** Randomised truncation without a weight on what is kept is biased. *)
Theorem without_weight_is_biased :
  ~ truncated_by (fun K pi t => one − pi t) (fun K pi inverse t cut => if cut then zero else one).
Proof. two_random_steps. Qed.

(** Randomised truncation with the weight π_t for 1/π_t is biased. *)
Theorem weight_not_inverted_is_biased :
  ~ truncated_by (fun K pi t => one − pi t) (fun K pi inverse t cut => if cut then zero else pi t).
Proof. two_random_steps. Qed.

(** Randomised truncation that cuts with probability π_t for 1 − π_t is biased. *)
Theorem cut_with_pi_is_biased :
  ~ truncated_by (fun K pi t => pi t) (fun K pi inverse t cut => if cut then zero else inverse t).
Proof. two_random_steps. Qed.

(** Randomised truncation with the weight of the step before is biased. *)
Theorem weight_of_step_before_is_biased :
  ~ truncated_by (fun K pi t => one − pi t) (fun K pi inverse t cut => if cut then zero else inverse (t - 1)).
Proof. two_random_steps. Qed.

(** Randomised truncation that keeps what it cuts is biased. *)
Theorem cut_keeps_is_biased :
  ~ truncated_by (fun K pi t => one − pi t) (fun K pi inverse t cut => if cut then inverse t else zero).
Proof. two_random_steps. Qed.

(* ARTBP, three steps: κ is 1/2 after step 1; after step 2 it is 1/3 where step 1 was cut and else 1/4 *)

Definition chance_to_cut (past : list bool) : fractions :=
  match past with [] => Q2Qc (1 # 2) | true :: _ => Q2Qc (1 # 3) | false :: _ => Q2Qc (1 # 4) end.
Definition inverse_of_rest (past : list bool) : fractions :=
  match past with [] => Q2Qc 2 | true :: _ => Q2Qc (3 # 2) | false :: _ => Q2Qc (4 # 3) end.

Lemma inverses_of_rest past : length past < 3 - 1 -> inverse_of_rest past ⋅ (one − chance_to_cut past) = one.
Proof. intros _. destruct past as [|[] past]; equal_fractions. Qed.

(* δ̃_t is step g c κ 1/(1−κ) h t cut δ̃_{t+1}. *)
Definition cut_by (step : forall (K : numbers) (C : factors) (G : rows C) (scaling : scaled K G),
    (nat -> G) -> (nat -> C) -> (list bool -> K) -> (list bool -> K) -> list bool -> nat -> bool -> G -> G) : Prop :=
  forall (K : numbers) (C : factors) (G : rows C) (M : acted_on C) (L : sums) (pair : pairing C G M L)
    (of_rows : scaled K G) (of_terms : scaled K M) (of_values : scaled K L)
    (lc : linear_carry K G) (la : linear_action K M) (lp : linear_pairing K pair)
    (a b : nat -> M) (c : nat -> C) (g : nat -> G) (T : nat) (kappa inverse : list bool -> K)
    (delta : list bool -> nat -> G),
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  a 0 = zero ->
  (forall past, length past < T - 1 -> inverse past ⋅ (one − kappa past) = one) ->
  (forall h, delta h T = g T) ->
  (forall h t, 1 <= t < T ->
    delta h t = step K C G of_rows g c kappa inverse h t (nth (t - 1) h false) (delta h (S t))) ->
  mean kappa (T - 1) (fun h => ∑ i ∈ [1, T], pair (delta h i) (b i)) = (∑ t ∈ [1, T], pair (g t) (a t)).

Definition fraction_seed (t : nat) : number_rows fractions := one.

Definition three_deltas (step : list bool -> nat -> bool -> fractions -> fractions) (h : list bool) (t : nat)
  : number_rows fractions :=
  let last := fraction_seed 3 in
  let middle := step h 2 (nth 1 h false) last in
  if t =? 3 then last else if t =? 2 then middle else step h 1 (nth 0 h false) middle.

Ltac three_random_steps :=
  match goal with |- ~ cut_by ?step => intros claim;
    specialize (claim fractions _ _ _ _ (number_pairing fractions) _ _ _ _ _ _
      (run fraction_ones doubling (zero : fractions)) fraction_ones doubling fraction_seed 3 chance_to_cut inverse_of_rest
      (three_deltas (step fractions _ (number_rows fractions) _ fraction_seed doubling chance_to_cut inverse_of_rest))
      (run_recurrence fraction_ones doubling (zero : fractions) 3) eq_refl inverses_of_rest (fun _ => eq_refl)
      ltac:(intros h t Ht; assert (E : t = 1 \/ t = 2) by lia; destruct E as [-> | ->]; reflexivity));
    different_fractions claim
  end.

(** ARTBP without the compensation 1/(1−κ) is biased. *)
Theorem without_compensation_is_biased : ~ cut_by (fun K C G _ g c kappa inverse h t cut next =>
  if cut then g t else g t + next ◃ c (S t)).
Proof. three_random_steps. Qed.

(** ARTBP compensated by what looks at the whole history, the future included, is biased. *)
Theorem compensation_from_the_future_is_biased : ~ cut_by (fun K C G _ g c kappa inverse h t cut next =>
  if cut then g t else g t + inverse h × (next ◃ c (S t))).
Proof. three_random_steps. Qed.

(** ARTBP with the compensation of the step after is biased. *)
Theorem compensation_one_late_is_biased : ~ cut_by (fun K C G _ g c kappa inverse h t cut next =>
  if cut then g t else g t + inverse (firstn t h) × (next ◃ c (S t))).
Proof. three_random_steps. Qed.

(** ARTBP compensated with 1 − κ for 1/(1−κ) is biased. *)
Theorem compensation_not_inverted_is_biased : ~ cut_by (fun K C G _ g c kappa inverse h t cut next =>
  if cut then g t else g t + (one − kappa (firstn (t - 1) h)) × (next ◃ c (S t))).
Proof. three_random_steps. Qed.

(** ARTBP whose cut drops the seed of its own step is biased. *)
Theorem cut_drops_the_seed_is_biased : ~ cut_by (fun K C G _ g c kappa inverse h t cut next =>
  if cut then zero else g t + inverse (firstn (t - 1) h) × (next ◃ c (S t))).
Proof. three_random_steps. Qed.

(** ARTBP that compensates the seed of the step as well is biased. *)
Theorem seed_compensated_is_biased : ~ cut_by (fun K C G _ g c kappa inverse h t cut next =>
  if cut then g t else inverse (firstn (t - 1) h) × (g t + next ◃ c (S t))).
Proof. three_random_steps. Qed.

(* The variance *)

Definition variance_is (weight : forall K : numbers, (nat -> K) -> nat -> nat -> nat -> K) : Prop :=
  forall (K : numbers) (a b c pi inverse : nat -> K) (T : nat) (z : list bool -> nat -> K),
  (forall t, 1 <= t <= T -> a t = b t + c t ⋅ a (t - 1)) ->
  a 0 = zero ->
  (forall t, 1 <= t <= T -> inverse t ⋅ pi t = one) ->
  (forall h, z h 0 = zero) ->
  (forall h t, 1 <= t <= T ->
    z h t = b t + (if nth (t - 1) h false then zero else inverse t) ⋅ (c t ⋅ z h (t - 1))) ->
  forall t, t <= T ->
  variance a pi t (fun h => z h t) =
  (∑ i ∈ [1, t], ∑ k ∈ [1, t], weight K inverse t i k ⋅ (contribution b c t i ⋅ contribution b c t k)).

Ltac two_varying_steps :=
  intros claim;
  specialize (claim fractions (run fraction_ones doubling (zero : fractions)) fraction_ones doubling
    kept inverse_kept 2 (random_run (fun t cut => if cut then zero else inverse_kept t))
    (run_recurrence fraction_ones doubling (zero : fractions) 2) eq_refl kept_inverses (fun _ => eq_refl)
    ltac:(intros h [|t] Ht; [lia|]; cbn; rewrite ?Nat.sub_0_r; reflexivity) 2 (le_n 2));
  different_fractions claim.

(** The variance with weights that start at the earlier of the two steps is wrong. *)
Theorem min_for_max_is_wrong :
  ~ variance_is (fun K inverse t i k => (∏ j ∈ [S (min i k), t], inverse j) − one).
Proof. two_varying_steps. Qed.

(** The second moment is not the variance. *)
Theorem second_moment_is_wrong : ~ variance_is (fun K inverse t i k => ∏ j ∈ [S (max i k), t], inverse j).
Proof. two_varying_steps. Qed.

(* The error of an estimate, and windows *)

Definition changed_by (change : forall K : numbers, K -> K) : Prop :=
  forall (K : numbers) (C : factors) (G : rows C) (M : acted_on C) (L : sums) (pair : pairing C G M L)
    (of_terms : scaled K M) (la : linear_action K M)
    (a b z : nat -> M) (c : nat -> C) (g delta : nat -> G) (xi : nat -> K) (T : nat),
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  a 0 = zero ->
  (forall t, 1 <= t <= T -> z t = b t + xi t × c t • z (t - 1)) ->
  z 0 = zero ->
  delta T = g T ->
  (forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t)) ->
  (∑ t ∈ [1, T], pair (g t) (z t)) =
  (∑ t ∈ [1, T], pair (g t) (a t)) + (∑ i ∈ [2, T], pair (delta i) (change K (xi i) × c i • z (i - 1))).

(** The whole factor ξ_i in the error, where nothing is cut and the error must vanish, is wrong. *)
Theorem whole_factor_is_wrong : ~ changed_by (fun K xi => xi).
Proof.
  intros claim.
  specialize (claim integers _ _ _ _ (number_pairing integers) _ _ (run ones growing (zero : integers)) ones
    (run ones growing (zero : integers)) growing seed
    (fun t => if t =? 1 then seed 1 + seed 2 ◃ growing 2 else seed 2) (fun _ => one) 2
    (run_recurrence ones growing (zero : integers) 2) eq_refl
    ltac:(intros t Ht; cbn beta; rewrite scale_one; exact (run_recurrence ones growing (zero : integers) 2 t Ht))
    eq_refl eq_refl
    ltac:(intros t Ht; replace t with 1 by lia; reflexivity)).
  vm_compute in claim. discriminate.
Qed.

(** A window of one term more, with the rest of a window without it, is wrong. *)
Theorem window_one_too_long_is_wrong :
  ~ (forall (C : factors) (M : acted_on C) (a b : nat -> M) (c : nat -> C) (T tau : nat),
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  forall t, tau <= t <= T ->
  a t = (∑ i ∈ [t - tau, t], (∏ j ∈ [S i, t], c j) • b i) + (∏ j ∈ [S (t - tau), t], c j) • a (t - tau)).
Proof.
  intros claim.
  specialize (claim _ _ (run some_term some_factor zero) some_term some_factor 3 1
                (run_recurrence some_term some_factor zero 3) 3 ltac:(lia)).
  vm_compute in claim. discriminate.
Qed.

(** A window that grows by the factor of its own step is wrong. *)
Theorem window_factor_of_same_step_is_wrong :
  ~ (forall (C : factors) (G : rows C) (g : nat -> G) (c : nat -> C) (i k : nat),
  (∑ t ∈ [i, i + S k], g t ◃ (∏ j ∈ [S i, t], c j)) =
  g i + (∑ t ∈ [S i, i + S k], g t ◃ (∏ j ∈ [S (S i), t], c j)) ◃ c i).
Proof.
  intros claim. specialize (claim _ (number_rows integers) seed growing 1 0). vm_compute in claim. discriminate.
Qed.

(** The variance carried on by c² alone, not by c²/π, is wrong. *)
Theorem variance_not_blown_up_is_wrong :
  ~ (forall (K : numbers) (a b c pi inverse : nat -> K) (T : nat) (z : list bool -> nat -> K),
  (forall t, 1 <= t <= T -> a t = b t + c t ⋅ a (t - 1)) ->
  a 0 = zero ->
  (forall t, 1 <= t <= T -> inverse t ⋅ pi t = one) ->
  (forall h, z h 0 = zero) ->
  (forall h t, 1 <= t <= T ->
    z h t = b t + (if nth (t - 1) h false then zero else inverse t) ⋅ (c t ⋅ z h (t - 1))) ->
  forall t, 1 <= t <= T ->
  variance a pi t (fun h => z h t) =
  (c t ⋅ c t) ⋅ one ⋅ variance a pi (t - 1) (fun h => z h (t - 1)) +
  (inverse t − one) ⋅ ((c t ⋅ c t) ⋅ (a (t - 1) ⋅ a (t - 1)))).
Proof.
  intros claim.
  specialize (claim fractions (run fraction_ones doubling (zero : fractions)) fraction_ones doubling
    kept inverse_kept 3 (random_run (fun t cut => if cut then zero else inverse_kept t))
    (run_recurrence fraction_ones doubling (zero : fractions) 3) eq_refl
    ltac:(intros t Ht; assert (E : t = 1 \/ t = 2 \/ t = 3) by lia; destruct E as [-> | [-> | ->]]; equal_fractions)
    (fun _ => eq_refl)
    ltac:(intros h [|t] Ht; [lia|]; cbn; rewrite ?Nat.sub_0_r; reflexivity) 3 ltac:(lia)).
  different_fractions claim.
Qed.
