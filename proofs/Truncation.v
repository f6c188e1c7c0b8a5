(* Randomised truncation: the recurrence with a random factor ξ_t, whose mean is one, before c_t.

   At step t it is decided with probability 1 − π_t to cut; then ξ_t = 0, else ξ_t = 1/π_t.  A history h lists the decisions
   in the order of time: that of step t is nth (t−1) h, and those before it are firstn (t−1) h. *)
From Bptt Require Export Expansion Expectation.
From Coq Require Import Arith Lia Ring_theory.

Lemma nth_of_past (h : list bool) t : nth t (firstn (S t) h) false = nth t h false.
Proof. revert h. induction t as [|t IH]; intros [|x h]; cbn; auto. apply IH. Qed.

Section Run.
Context {K : numbers} {C : factors} {M : acted_on C} {scaling : scaled K M} {linear : linear_action K M}.
Add Ring numbers : (numbers_ring K).
Variables (a b : nat -> M) (c : nat -> C) (T : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).

Section MeanOne.
Variables (cut : list bool -> K) (xi : nat -> bool -> list bool -> K) (z : list bool -> nat -> M).
Hypothesis mean_one : forall past, let t := S (length past) in t <= T ->
  cut past ⋅ xi t true past + (one − cut past) ⋅ xi t false past = one.
Hypothesis start : forall h, z h 0 = a 0.
Hypothesis run : forall h t, 1 <= t <= T ->
  z h t = b t + xi t (nth (t - 1) h false) (firstn (t - 1) h) × c t • z h (t - 1).

Lemma run_next h t : t < T -> z h (S t) = b (S t) + xi (S t) (nth t h false) (firstn t h) × c (S t) • z h t.
Proof. intros. rewrite run by lia. now replace (S t - 1) with t by lia. Qed.

Lemma run_of_past h t : t <= T -> z h t = z (firstn t h) t.
Proof.
  revert h. induction t as [|t IH]; intros h HT; [now rewrite !start|].
  rewrite !run_next, (IH h), (IH (firstn (S t) h)), nth_of_past, firstn_firstn by lia.
  now replace (min t (S t)) with t by lia.
Qed.

Lemma run_of_last past decision : length past < T ->
  z (past ++ [decision]) (S (length past)) =
  b (S (length past)) + xi (S (length past)) decision past × c (S (length past)) • z past (length past).
Proof.
  intros. rewrite run_next, (run_of_past (past ++ [decision])) by lia.
  rewrite nth_middle, firstn_app, Nat.sub_diag, firstn_all, app_nil_r. reflexivity.
Qed.

Lemma mean_at_the_end t : t <= T -> mean cut t (fun h => z h t) = a t.
Proof.
  induction t as [|t IH]; intros; [apply start|]. rewrite recurrence by lia. replace (S t - 1) with t by lia.
  rewrite <- IH, (mean_map (act (c (S t)))), <- (mean_const cut t (b (S t))), <- mean_add
    by (apply act_add || (intros; apply act_scale) || lia).
  cbn [mean]. apply mean_ext. intros past <-. rewrite !run_of_last, !scale_add by lia.
  rewrite add_swap, halves, <- !scale_times, <- scale_add_left, mean_one, scale_one by lia. reflexivity.
Qed.

(** A random factor ξ_t before c_t leaves the mean of the recurrence as it is, when its mean is one given the decisions
    before: E z_t = a_t for z_t = b_t + ξ_t c_t z_{t-1}.  The chance to cut may depend on all earlier decisions. *)
Theorem unbiased_given_the_past n t : t <= n <= T -> mean cut n (fun h => z h t) = a t.
Proof.
  intros Hn. rewrite <- mean_at_the_end, <- (mean_of_past cut t n (fun h => z h t)) by lia.
  apply mean_ext. intros h _. apply run_of_past. lia.
Qed.
End MeanOne.

Variables (pi inverse : nat -> K).
Hypothesis inverses : forall t, 1 <= t <= T -> inverse t ⋅ pi t = one.

(* The mean when step t is cut with probability 1 − π_t, whatever happened before. *)
Definition independent_mean {V : sums} {of_V : scaled K V} (n : nat) (F : list bool -> V) : V :=
  mean (fun past => one − pi (S (length past))) n F.

Lemma inverse_mean_one (past : list bool) : let t := S (length past) in t <= T ->
  (one − pi t) ⋅ zero + (one − (one − pi t)) ⋅ inverse t = one.
Proof. cbn. intros. rewrite <- (inverses (S (length past))) by lia. ring. Qed.

(** Randomised truncation is unbiased: z_t = b_t + ξ_t c_t z_{t-1} has the mean a_t, where independently ξ_t = 1/π_t with
    probability π_t and ξ_t = 0 else.  The probability of a cut may differ from step to step. *)
Theorem truncation_unbiased (z : list bool -> nat -> M) :
  (forall h, z h 0 = a 0) ->
  (forall h t, 1 <= t <= T ->
    z h t = b t + (if nth (t - 1) h false then zero else inverse t) × c t • z h (t - 1)) ->
  forall t, t <= T -> independent_mean T (fun h => z h t) = a t.
Proof.
  intros start run t Ht. unfold independent_mean.
  apply (unbiased_given_the_past _ (fun t cut _ => if cut then zero else inverse t)); [|exact start|exact run|lia].
  exact inverse_mean_one.
Qed.

(** The other estimator of the textbook, z_t = b_t + ξ_t c_t a_{t-1} with the exact a_{t-1}, has the mean a_t as well; but
    it does not shorten the computation. *)
Theorem one_step_unbiased (z : list bool -> nat -> M) :
  (forall h t, 1 <= t <= T ->
    z h t = b t + (if nth (t - 1) h false then zero else inverse t) × c t • a (t - 1)) ->
  forall t, 1 <= t <= T -> independent_mean t (fun h => z h t) = a t.
Proof.
  intros run t Ht. destruct t as [|t]; [lia|]. unfold independent_mean. cbn [mean].
  rewrite <- (mean_const (fun past => one − pi (S (length past))) t (a (S t))). apply mean_ext. intros past <-.
  rewrite !run, !scale_add by lia. replace (S (length past) - 1) with (length past) by lia.
  rewrite !nth_middle, add_swap, halves, <- !scale_times, <- scale_add_left, inverse_mean_one, scale_one by lia.
  rewrite (recurrence (S (length past))) by lia. now replace (S (length past) - 1) with (length past) by lia.
Qed.
End Run.
