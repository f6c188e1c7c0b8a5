(* Exchange over the other triangle, t <= i. *)
From Bptt Require Import Algebra.
Require Import Arith Lia.

Ltac script :=
  intros L F T; induction T as [|T IH];
  [ rewrite !sum_empty by lia; reflexivity
  | rewrite (sum_last 1 T) by lia; rewrite IH, (sum_last 1 T) by lia;
    match goal with |- _ = sum 1 (S T) ?columns => rewrite (sum_last 1 T columns) by lia end;
    rewrite ?sum_one, add_assoc, <- sum_add; f_equal;
    apply sum_ext; intros i Hi; rewrite sum_last by lia; reflexivity ].

Theorem control : forall (L : sums) (F : nat -> nat -> L) (T : nat),
  (∑ t ∈ [1, T], ∑ i ∈ [1, t], F t i) = (∑ i ∈ [1, T], ∑ t ∈ [i, T], F t i).
Proof. script. Qed.

Theorem wrong : forall (L : sums) (F : nat -> nat -> L) (T : nat),
  (∑ t ∈ [1, T], ∑ i ∈ [1, t], F t i) = (∑ i ∈ [1, T], ∑ t ∈ [1, i], F t i).
Proof. script. Qed.
