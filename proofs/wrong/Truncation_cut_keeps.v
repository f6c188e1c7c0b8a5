(* The cut keeps the factor and weighs it. *)
From Bptt Require Import Truncation.
From Coq Require Import Arith Lia Ring_theory.

Section Wrong.
Context {K : numbers} {C : factors} {M : acted_on C} {scaling : scaled K M} {linear : linear_action K M}.
Add Ring numbers : (numbers_ring K).
Variables (a b : nat -> M) (c : nat -> C) (T : nat) (pi inverse : nat -> K) (z : list bool -> nat -> M).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).
Hypothesis inverses : forall t, 1 <= t <= T -> inverse t ⋅ pi t = one.
Hypothesis start : forall h, z h 0 = a 0.

(* xi t cut is the factor of step t, by whether it is cut; cutting it has the probability [chance t]. *)
Definition claim (chance : nat -> K) (xi : nat -> bool -> K) : Prop :=
  (forall h t, 1 <= t <= T -> z h t = b t + xi t (nth (t - 1) h false) × c t • z h (t - 1)) ->
  forall t, t <= T -> mean (fun past => chance (S (length past))) T (fun h => z h t) = a t.

Ltac script :=
  match goal with |- claim ?chance ?xi =>
    intros run t Ht;
    apply (unbiased_given_the_past a b c T recurrence _ (fun t cut _ => xi t cut) z); [|exact start|exact run|lia];
    intros past s Hs; subst s; cbn in *; rewrite <- (inverses (S (length past))) by lia; ring
  end.

Theorem control : claim (fun t => one − pi t) (fun t cut => if cut then zero else inverse t).
Proof. script. Qed.

Theorem wrong : claim (fun t => one − pi t) (fun t cut => if cut then inverse t else zero).
Proof. script. Qed.

End Wrong.
