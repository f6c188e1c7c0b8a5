(* The weights start at the earlier of the two steps. *)
From Bptt Require Import Variance.
From Coq Require Import Arith Lia Ring_theory.

Section Wrong.
Context {K : numbers}.
Add Ring numbers_here : (numbers_ring K).
Variables (a b c pi inverse : nat -> K) (T : nat) (z : list bool -> nat -> K).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t ⋅ a (t - 1).
Hypothesis start : a 0 = zero.
Hypothesis inverses : forall t, 1 <= t <= T -> inverse t ⋅ pi t = one.
Hypothesis z_start : forall h, z h 0 = zero.
Hypothesis run : forall h t, 1 <= t <= T ->
  z h t = b t + (if nth (t - 1) h false then zero else inverse t) ⋅ (c t ⋅ z h (t - 1)).

Definition claim (weight : nat -> nat -> nat -> K) : Prop := forall t, t <= T ->
  variance a pi t (fun h => z h t) =
  (∑ i ∈ [1, t], ∑ k ∈ [1, t], weight t i k ⋅ (contribution b c t i ⋅ contribution b c t k)).

Ltac script :=
  let t := fresh "t" in let IH := fresh "IH" in
  intros t; induction t as [|t IH]; intros Ht;
  [ unfold variance, independent_mean; cbn; rewrite z_start, start, sum_empty by lia; ring
  | rewrite (variance_next a b c pi inverse T recurrence start inverses z z_start run), IH by lia;
    rewrite (sum_last 1 t) by lia;
    rewrite (sum_of_contributions a b c T recurrence start t), sum_times_sum, !sum_times, <- sum_add, sum_times by lia;
    match goal with |- ?left = _ => transitivity (left + zero); [symmetry; apply zero_add|] end; f_equal;
    [ apply sum_ext; intros i Hi; rewrite sum_last by lia; rewrite !sum_times, <- sum_add, sum_times;
      match goal with |- ?left = _ => transitivity (left + zero); [symmetry; apply zero_add|] end; f_equal;
      [ apply sum_ext; intros k Hk; rewrite !contribution_next, product_last by lia; cbn; ring
      | rewrite product_empty by lia; cbn; ring ]
    | symmetry; rewrite <- (sum_zero 1 (S t)); apply sum_ext; intros k Hk;
      rewrite product_empty by lia; cbn; ring ] ].

Theorem control : claim (fun t i k => (∏ j ∈ [S (max i k), t], inverse j) − one).
Proof. script. Qed.

Theorem wrong : claim (fun t i k => (∏ j ∈ [S (min i k), t], inverse j) − one).
Proof. script. Qed.

End Wrong.
