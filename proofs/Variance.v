(* The variance of randomised truncation, for one parameter and one unit, where everything is a number. *)
From Bptt Require Export Truncation.
From Coq Require Import Arith Lia Ring_theory.

(* Numbers are terms, factors and scales of each other. *)
Canonical number_factors (K : numbers) : factors.
Proof.
  refine (Factors K one times (@times_assoc K) (@times_one K) _).
  intros. now rewrite times_comm, times_one.
Defined.

Section Numbers.
Context {K : numbers}.
Add Ring numbers : (numbers_ring K).

Definition number_terms : acted_on (number_factors K).
Proof. refine (ActedOn (number_factors K) K (@times K) _ _ _ _); cbn; intros; ring. Defined.

#[export] Instance number_scaled : scaled K K.
Proof. refine (Scaled K K (@times K) _ _ _ _ _ _); intros; ring. Defined.

#[export] Instance number_linear : linear_action K number_terms.
Proof. intros k x u. cbn. ring. Qed.
End Numbers.

Section Variance.
Context {K : numbers}.
Add Ring numbers_again : (numbers_ring K).

Lemma sum_times (k : K) m n (F : nat -> K) : k ⋅ sum m n F = (∑ i ∈ [m, n], k ⋅ F i).
Proof. apply (sum_map (times k)); intros; ring. Qed.

Lemma sum_times_sum m n (F H : nat -> K) : sum m n F ⋅ sum m n H = (∑ i ∈ [m, n], ∑ k ∈ [m, n], F i ⋅ H k).
Proof.
  rewrite times_comm, sum_times. apply sum_ext. intros i _. rewrite times_comm. apply sum_times.
Qed.

Lemma mean_times p n (k : K) (F : list bool -> K) : mean p n (fun h => k ⋅ F h) = k ⋅ mean p n F.
Proof. symmetry. apply (mean_map (times k)); cbn; intros; ring. Qed.

Variables (a b c pi inverse : nat -> K) (T : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t ⋅ a (t - 1).
Hypothesis start : a 0 = zero.
Hypothesis inverses : forall t, 1 <= t <= T -> inverse t ⋅ pi t = one.

(* g_i = (c_t ⋯ c_{i+1}) b_i, so that a_t = Σ_i g_i *)
Definition contribution (t i : nat) : K := (∏ j ∈ [S i, t], c j) ⋅ b i.

Lemma contribution_last t : contribution t t = b t.
Proof. unfold contribution. rewrite product_empty by lia. cbn. ring. Qed.

Lemma contribution_next t i : i <= t -> contribution (S t) i = c (S t) ⋅ contribution t i.
Proof. intros. unfold contribution. rewrite product_last by lia. cbn. ring. Qed.

Lemma sum_of_contributions t : t <= T -> a t = (∑ i ∈ [1, t], contribution t i).
Proof. intros. now apply (expansion_sum (M := number_terms) a b c T). Qed.

(* Var z = E (z − a)², the mean being over the t decisions of the steps 1, …, t *)
Definition variance (t : nat) (z : list bool -> K) : K :=
  independent_mean pi t (fun h => (z h − a t) ⋅ (z h − a t)).

Definition covered (t : nat) : K :=
  ∑ i ∈ [1, t], ∑ k ∈ [1, t],
    ((∏ j ∈ [S (max i k), t], inverse j) − one) ⋅ (contribution t i ⋅ contribution t k).

(** The variance of the textbook's one-step estimator z_t = b_t + ξ_t c_t a_{t-1} is (1/π_t − 1) c_t² a_{t-1}². *)
Theorem one_step_variance (z : list bool -> nat -> K) t :
  (forall h, z h t = b t + (if nth (t - 1) h false then zero else inverse t) ⋅ (c t ⋅ a (t - 1))) ->
  1 <= t <= T ->
  variance t (fun h => z h t) = (inverse t − one) ⋅ ((c t ⋅ a (t - 1)) ⋅ (c t ⋅ a (t - 1))).
Proof.
  intros run Ht. unfold variance, independent_mean. destruct t as [|t]; [lia|]. cbn [mean].
  erewrite mean_ext; [apply mean_const|]. intros past <-.
  rewrite !run, (recurrence (S (length past))) by lia. replace (S (length past) - 1) with (length past) by lia.
  rewrite !nth_middle. cbn. specialize (inverses (S (length past)) Ht).
  set (w := inverse _) in *. set (p := pi _) in *. set (u := c _ ⋅ a _).
  transitivity (((one − p) + p − (one + one) ⋅ (w ⋅ p) + w ⋅ (w ⋅ p)) ⋅ (u ⋅ u)); [ring|]. rewrite inverses. ring.
Qed.

Variable z : list bool -> nat -> K.
Hypothesis z_start : forall h, z h 0 = zero.
Hypothesis run : forall h t, 1 <= t <= T ->
  z h t = b t + (if nth (t - 1) h false then zero else inverse t) ⋅ (c t ⋅ z h (t - 1)).

Lemma z_unbiased t : t <= T -> independent_mean pi t (fun h => z h t − a t) = zero.
Proof.
  intros Ht. unfold independent_mean. rewrite mean_add, mean_const.
  assert (E : independent_mean pi t (fun h => z h t) = a t).
  { apply (truncation_unbiased (M := number_terms) a b c t) with (inverse := inverse); try lia.
    - intros; apply recurrence; lia.
    - intros; apply inverses; lia.
    - intros; now rewrite z_start, start.
    - intros; apply run; lia. }
  unfold independent_mean in E. rewrite E. ring.
Qed.

Lemma z_of_last past decision : length past < T ->
  z (past ++ [decision]) (S (length past)) =
  b (S (length past)) +
  (if decision then zero else inverse (S (length past))) ⋅ (c (S (length past)) ⋅ z past (length past)).
Proof.
  assert (same_start : forall h, z h 0 = a 0) by (intros; now rewrite z_start, start).
  exact (run_of_last (M := number_terms) a b c T (fun t cut _ => if cut then zero else inverse t)
           z same_start run past decision).
Qed.

Lemma variance_next t : t < T ->
  variance (S t) (fun h => z h (S t)) =
  (c (S t) ⋅ c (S t)) ⋅
    (inverse (S t) ⋅ variance t (fun h => z h t) + (inverse (S t) − one) ⋅ (a t ⋅ a t)).
Proof.
  intros Ht. unfold variance, independent_mean at 1. cbn [mean]. set (w := inverse (S t)).
  transitivity (independent_mean pi t (fun h => (c (S t) ⋅ c (S t)) ⋅
    (w ⋅ ((z h t − a t) ⋅ (z h t − a t)) + (w − one) ⋅ (a t ⋅ a t) +
     ((one + one) ⋅ (w − one) ⋅ a t) ⋅ (z h t − a t)))).
  - apply mean_ext. intros past <-. rewrite !z_of_last, (recurrence (S (length past))) by lia.
    replace (S (length past) - 1) with (length past) by lia. cbn.
    assert (W : w ⋅ pi (S (length past)) = one) by (apply inverses; lia). fold w.
    set (p := pi _) in *. set (x := a _). set (y := z _ _). set (k := c _).
    transitivity ((k ⋅ k) ⋅ ((one − p + p) ⋅ (x ⋅ x) + (w ⋅ p) ⋅ (w ⋅ (y ⋅ y)) − (one + one) ⋅ (w ⋅ p) ⋅ (x ⋅ y)));
      [ring|]. rewrite W. ring.
  - unfold independent_mean. rewrite mean_times, !mean_add, !mean_times, mean_const.
    fold (independent_mean pi t (fun h => z h t − a t)). rewrite z_unbiased by lia. ring.
Qed.

Lemma last_row t k : 1 <= k <= S t ->
  ((∏ j ∈ [S (max (S t) k), S t], inverse j) − one) ⋅ (contribution (S t) (S t) ⋅ contribution (S t) k) = zero.
Proof. intros. rewrite Nat.max_l, product_empty by lia. cbn. ring. Qed.

Lemma covered_next t : t < T ->
  covered (S t) = (c (S t) ⋅ c (S t)) ⋅ (inverse (S t) ⋅ covered t + (inverse (S t) − one) ⋅ (a t ⋅ a t)).
Proof.
  intros Ht. unfold covered. rewrite sum_last, (sum_ext 1 (S t) _ (fun _ => zero) (last_row t)), sum_zero, zero_add by lia.
  rewrite (sum_of_contributions t), sum_times_sum, !sum_times, <- sum_add, sum_times by lia.
  apply sum_ext. intros i Hi.
  rewrite sum_last, Nat.max_r, product_empty by lia. rewrite !sum_times, <- sum_add, sum_times.
  transitivity (sum 1 t (fun k => ((∏ j ∈ [S (max i k), S t], inverse j) − one) ⋅
    (contribution (S t) i ⋅ contribution (S t) k))); [cbn; ring|].
  apply sum_ext. intros k Hk. rewrite !contribution_next, product_last by lia. cbn. ring.
Qed.

(** The variance of randomised truncation, exactly: Σ_i Σ_k (∏_{j=max(i,k)+1}^{t} 1/π_j − 1) g_i g_k with
    g_i = (c_t ⋯ c_{i+1}) b_i, for numbers. *)
Theorem truncation_variance t : t <= T ->
  variance t (fun h => z h t) =
  (∑ i ∈ [1, t], ∑ k ∈ [1, t],
    ((∏ j ∈ [S (max i k), t], inverse j) − one) ⋅ (contribution t i ⋅ contribution t k)).
Proof.
  fold (covered t). induction t as [|t IH]; intros Ht.
  - unfold variance, independent_mean, covered. cbn. rewrite z_start, start, sum_empty by lia. ring.
  - now rewrite variance_next, covered_next, IH by lia.
Qed.

End Variance.
