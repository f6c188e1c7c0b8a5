(* The variance carried on by c² alone, not by c²/π. *)
From Bptt Require Import Links.
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

Definition claim (carried : nat -> K) : Prop := forall t, 1 <= t <= T ->
  variance a pi t (fun h => z h t) =
  (c t ⋅ c t) ⋅ carried t ⋅ variance a pi (t - 1) (fun h => z h (t - 1)) +
  (inverse t − one) ⋅ ((c t ⋅ c t) ⋅ (a (t - 1) ⋅ a (t - 1))).

Ltac script :=
  intros t Ht; destruct t as [|t]; [lia|]; replace (S t - 1) with t by lia;
  rewrite (variance_next a b c pi inverse T recurrence start inverses z z_start run) by lia;
  try ring; reflexivity.

Theorem control : claim inverse.
Proof. script. Qed.

Theorem wrong : claim (fun _ => one).
Proof. script. Qed.

End Wrong.
