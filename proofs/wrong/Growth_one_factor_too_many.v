(* The exponent counts one factor too many. *)
From Bptt Require Import Growth.
Require Import Reals Arith Lia.

Section Wrong.
Context {C : factors}.
Variable N : C -> R.
Local Open Scope R_scope.
Hypothesis not_negative : forall x, 0 <= N x.
Hypothesis of_product : forall x y : C, N (mul x y) <= N x * N y.
Hypothesis of_unit : N unit <= 1.
Variables (c : nat -> C) (g : R).
Hypothesis bound : forall j, N (c j) <= g.

Definition claim (exponent : nat -> nat -> nat) : Prop :=
  forall i t, (i <= t)%nat -> N (∏ j ∈ [S i, t], c j) <= g ^ exponent t i.

Ltac script :=
  intros i t order; induction t as [|t IH];
  [ replace i with 0%nat by lia; rewrite product_empty by lia; exact of_unit
  | destruct (Nat.eq_dec i (S t)) as [->|];
    [ rewrite product_empty by lia; rewrite Nat.sub_diag; exact of_unit
    | rewrite product_last by lia; replace (S t - i)%nat with (S (t - i)) by lia; cbn [pow];
      apply (Rle_trans _ _ _ (of_product _ _));
      apply Rmult_le_compat; [apply not_negative | apply not_negative | apply bound | apply IH; lia ] ] ].

Theorem control : claim (fun t i => t - i)%nat.
Proof. script. Qed.

Theorem wrong : claim (fun t i => S (t - i))%nat.
Proof. script. Qed.

End Wrong.
