(* ARTBP: backpropagation cut at random places, the steps that remain compensated (Tallec and Ollivier 2017).

   After step t it is decided to cut with probability κ, any function of the decisions before.  [inverse past] stands for
   1/(1−κ(past)): all that is used of it is inverse past ⋅ (1 − κ past) = 1, so that κ = 1 is excluded.  A history lists
   the decisions in the order of time: that after step t is nth (t−1) h, and those before it are firstn (t−1) h. *)
From Bptt Require Export Truncation Adjoint.
From Coq Require Import Arith Lia Ring_theory.

(* A factor with a number before it is a factor: adjoint and recurrence with ξ_t c_t are a case of those with c_t. *)
Section Weighted.
Context (K : numbers) {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).
Context {of_rows : scaled K G} {of_terms : scaled K M} {of_values : scaled K L}.
Context {lc : linear_carry K G} {la : linear_action K M} {lp : linear_pairing K pair}.
Add Ring numbers : (numbers_ring K).

Definition weighted : factors.
Proof.
  refine (Factors (K * C) (one, unit) (fun x y => (fst x ⋅ fst y, snd x * snd y)) _ _ _).
  - intros [k x] [l y] [m z]; cbn. now rewrite times_assoc, mul_assoc.
  - intros [k x]; cbn. now rewrite times_one, mul_unit_left.
  - intros [k x]; cbn. now rewrite times_comm, times_one, mul_unit_right.
Defined.

Definition weighted_terms : acted_on weighted.
Proof.
  refine (ActedOn weighted M (fun x u => fst x × snd x • u) _ _ _ _); cbn; intros.
  - now rewrite scale_one, act_unit.
  - now rewrite scale_times, act_mul, act_scale.
  - now rewrite act_add, scale_add.
  - now rewrite act_zero, scale_zero.
Defined.

Definition weighted_rows : rows weighted.
Proof.
  refine (Rows weighted G (fun g x => fst x × (g ◃ snd x)) _ _ _ _); cbn; intros.
  - now rewrite scale_one, carry_unit.
  - now rewrite times_comm, scale_times, carry_mul, carry_scale.
  - now rewrite carry_add, scale_add.
  - now rewrite carry_zero, scale_zero.
Defined.

Definition weighted_pairing : pairing weighted weighted_rows weighted_terms L.
Proof.
  refine (Pairing weighted weighted_rows weighted_terms L (fun g u => pair g u) _ _ _ _ _); cbn; intros.
  - apply pair_add_left.
  - apply pair_add_right.
  - apply pair_zero_left.
  - apply pair_zero_right.
  - now rewrite pair_scale_left, pair_scale_right, pair_carry.
Defined.

(** On every single run, ARTBP and the randomised recursion give the same gradient: with the same random factors ξ_t before
    c_t in both, Σ_i δ_i b_i = Σ_t g_t z_t. *)
Theorem artbp_is_randomised_recursion (z b : nat -> M) (c : nat -> C) (g delta : nat -> G) (xi : nat -> K) (T : nat) :
  (forall t, 1 <= t <= T -> z t = b t + xi t × c t • z (t - 1)) ->
  z 0 = zero ->
  delta T = g T ->
  (forall t, 1 <= t < T -> delta t = g t + xi (S t) × (delta (S t) ◃ c (S t))) ->
  (∑ i ∈ [1, T], pair (delta i) (b i)) = (∑ t ∈ [1, T], pair (g t) (z t)).
Proof.
  intros recurrence start last recursion. symmetry.
  apply (adjoint_forward weighted_pairing z b (fun t => (xi t, c t)) g delta T); assumption.
Qed.

Lemma mean_pair p n g (F : list bool -> M) : mean p n (fun h => pair g (F h)) = pair g (mean p n F).
Proof. symmetry. apply (mean_map (pair g)); [apply pair_add_right | intros; apply pair_scale_right]. Qed.

Variables (a b : nat -> M) (c : nat -> C) (g : nat -> G) (T : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).
Hypothesis start : a 0 = zero.

Variables (kappa inverse : list bool -> K).
Hypothesis inverses : forall past, length past < T - 1 -> inverse past ⋅ (one − kappa past) = one.

(* ξ_{t+1}: nothing where the history cuts after step t, else 1/(1−κ). *)
Definition compensation (t : nat) (cut : bool) (past : list bool) : K := if cut then zero else inverse past.
Definition factor_before (h : list bool) (t : nat) : K := compensation t (nth (t - 2) h false) (firstn (t - 2) h).

Fixpoint run_along (h : list bool) (t : nat) : M :=
  match t with
  | 0 => zero
  | S s => b (S s) + factor_before h (S s) × c (S s) • run_along h s
  end.

Lemma run_along_unbiased t : 1 <= t <= T -> mean kappa (T - 1) (fun h => run_along h t) = a t.
Proof.
  intros Ht. destruct t as [|t]; [lia|].
  apply (unbiased_given_the_past (fun s => a (S s)) (fun s => b (S s)) (fun s => c (S s)) (T - 1)) with
    (xi := compensation) (z := fun h s => run_along h (S s)); [| | | |lia].
  - intros s Hs. rewrite recurrence by lia. now replace (S s - 1) with (S (s - 1)) by lia.
  - cbn. intros past Hp. transitivity (inverse past ⋅ (one − kappa past)); [ring|]. apply inverses; lia.
  - intros h. cbn. rewrite act_zero, scale_zero, zero_add, recurrence by lia. cbn. now rewrite start, act_zero, zero_add.
  - intros h s Hs. destruct s as [|s]; [lia|]. cbn [run_along]. unfold factor_before.
    now replace (S (S s) - 2) with (S s - 1) by lia; replace (S s - 1) with s by lia.
Qed.

(** ARTBP is unbiased, also when the chance to cut depends on all earlier decisions: over all histories of cuts the mean of
    Σ_i δ̃_i b_i is the full gradient Σ_t g_t a_t, where δ̃_T = g_T, and δ̃_t is g_t after a cut and else
    g_t + δ̃_{t+1} c_{t+1}/(1−κ). *)
Theorem artbp_unbiased (delta : list bool -> nat -> G) :
  (forall h, delta h T = g T) ->
  (forall h t, 1 <= t < T ->
    delta h t = if nth (t - 1) h false then g t
                else g t + inverse (firstn (t - 1) h) × (delta h (S t) ◃ c (S t))) ->
  mean kappa (T - 1) (fun h => ∑ i ∈ [1, T], pair (delta h i) (b i)) = (∑ t ∈ [1, T], pair (g t) (a t)).
Proof.
  intros last recursion.
  rewrite (mean_ext _ _ _ (fun h => ∑ t ∈ [1, T], pair (g t) (run_along h t))).
  - rewrite mean_sum. apply sum_ext. intros t Ht. now rewrite mean_pair, run_along_unbiased.
  - intros h _. apply (artbp_is_randomised_recursion (run_along h) b c g (delta h) (factor_before h)); auto.
    + intros t Ht. destruct t as [|t]; [lia|]. now replace (S t - 1) with t by lia.
    + intros t Ht. rewrite recursion by assumption. unfold factor_before, compensation.
      replace (S t - 2) with (t - 1) by lia.
      destruct (nth (t - 1) h false); [now rewrite scale_zero_left, zero_add | reflexivity].
Qed.

(** ARTBP is unbiased against the backward gradient too: the mean of Σ_i δ̃_i b_i is Σ_i δ_i b_i. *)
Theorem artbp_unbiased_backward (delta : nat -> G) (cut_delta : list bool -> nat -> G) :
  delta T = g T ->
  (forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t)) ->
  (forall h, cut_delta h T = g T) ->
  (forall h t, 1 <= t < T ->
    cut_delta h t = if nth (t - 1) h false then g t
                    else g t + inverse (firstn (t - 1) h) × (cut_delta h (S t) ◃ c (S t))) ->
  mean kappa (T - 1) (fun h => ∑ i ∈ [1, T], pair (cut_delta h i) (b i)) = (∑ i ∈ [1, T], pair (delta i) (b i)).
Proof.
  intros last recursion cut_last cut_recursion. rewrite (artbp_unbiased cut_delta) by assumption.
  now apply (adjoint_forward pair a b c g delta T).
Qed.

End Weighted.
