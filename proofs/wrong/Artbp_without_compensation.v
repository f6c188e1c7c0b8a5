(* What is not cut is not compensated. *)
From Bptt Require Import Artbp.
From Coq Require Import Arith Lia Ring_theory.

Section Wrong.
Context {K : numbers} {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).
Context {of_rows : scaled K G} {of_terms : scaled K M} {of_values : scaled K L}.
Context {lc : linear_carry K G} {la : linear_action K M} {lp : linear_pairing K pair}.
Variables (a b : nat -> M) (c : nat -> C) (g : nat -> G) (T : nat) (kappa inverse : list bool -> K).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).
Hypothesis start : a 0 = zero.
Hypothesis inverses : forall past, length past < T - 1 -> inverse past ⋅ (one − kappa past) = one.
Variable delta : list bool -> nat -> G.
Hypothesis last : forall h, delta h T = g T.

(* step h t cut is δ̃_t in the history h, by whether it is cut after step t *)
Definition claim (step : list bool -> nat -> bool -> G) : Prop :=
  (forall h t, 1 <= t < T -> delta h t = step h t (nth (t - 1) h false)) ->
  mean kappa (T - 1) (fun h => ∑ i ∈ [1, T], pair (delta h i) (b i)) = (∑ t ∈ [1, T], pair (g t) (a t)).

Ltac script :=
  intros recursion;
  rewrite (mean_ext _ _ _ (fun h => ∑ t ∈ [1, T], pair (g t) (run_along K b c inverse h t)));
  [ rewrite mean_sum; apply sum_ext; intros t Ht;
    rewrite (mean_pair K pair), (run_along_unbiased K a b c T) by assumption; reflexivity
  | intros h _;
    apply (artbp_is_randomised_recursion K pair (run_along K b c inverse h) b c g (delta h)
             (factor_before K inverse h));
    [ intros t Ht; destruct t as [|t]; [lia|]; replace (S t - 1) with t by lia; reflexivity
    | reflexivity
    | apply last
    | intros t Ht; rewrite recursion by assumption; unfold factor_before, compensation;
      replace (S t - 2) with (t - 1) by lia;
      destruct (nth (t - 1) h false); [rewrite scale_zero_left, zero_add; reflexivity | reflexivity] ] ].

Theorem control : claim (fun h t cut =>
  if cut then g t else g t + inverse (firstn (t - 1) h) × (delta h (S t) ◃ c (S t))).
Proof. script. Qed.

Theorem wrong : claim (fun h t cut =>
  if cut then g t else g t + delta h (S t) ◃ c (S t)).
Proof. script. Qed.

End Wrong.
