(* The adjoint's recursion without the seed of its own step. *)
From Bptt Require Import Expansion.
Require Import Arith Lia.

Section Wrong.
Context {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).
Variables (a b : nat -> M) (c : nat -> C) (g delta : nat -> G).
Hypothesis start : a 0 = zero.

(* The backward sum begun at step t with the row δ_t is the forward sum up to t with δ_t for g_t. *)
Definition claim (step : nat -> G) : Prop := forall n,
  (forall t, 1 <= t <= S n -> a t = b t + c t • a (t - 1)) ->
  (forall t, 1 <= t <= n -> delta t = step t) ->
  (∑ i ∈ [1, S n], pair (delta i) (b i)) = (∑ t ∈ [1, n], pair (g t) (a t)) + pair (delta (S n)) (a (S n)).

Ltac script :=
  let n := fresh "n" in let IH := fresh "IH" in
  intros n; induction n as [|n IH]; intros recurrence recursion;
  [ rewrite sum_one, sum_empty, add_zero, recurrence by lia; cbn; rewrite start, act_zero, zero_add; reflexivity
  | rewrite (sum_last 1 (S n)) by lia; rewrite IH; try (intros; apply recurrence || apply recursion; lia);
    rewrite (sum_last 1 n), (recurrence (S (S n))), (recursion (S n)) by lia;
    replace (S (S n) - 1) with (S n) by lia;
    rewrite ?pair_add_left, ?pair_add_right, ?pair_carry, <- !add_assoc;
    f_equal; f_equal; rewrite add_comm; reflexivity ].

Theorem control : claim (fun t => g t + delta (S t) ◃ c (S t)).
Proof. script. Qed.

Theorem wrong : claim (fun t => delta (S t) ◃ c (S t)).
Proof. script. Qed.

End Wrong.
