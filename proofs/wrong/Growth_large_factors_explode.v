(* γσ > 1 taken for sufficient: factors that may be larger than 1 need not make the chain so. *)
From Bptt Require Import Growth.
Require Import Reals Arith Lia Lra.

Section Wrong.
Context {C : factors}.
Variable N : C -> R.
Local Open Scope R_scope.
Hypothesis not_negative : forall x, 0 <= N x.
Hypothesis of_product : forall x y : C, N (mul x y) <= N x * N y.
Hypothesis of_unit : N unit <= 1.
Variables (c : nat -> C) (g : R).
Hypothesis positive : 0 <= g.
Hypothesis bound : forall j, N (c j) <= g.

Ltac script :=
  intros i t order large;
  eapply (explodes_only_above_one N) with (c := c) (i := i) (t := t);
  first [ exact not_negative | exact of_product | exact of_unit | exact positive | exact order | exact bound
        | exact large ].

Theorem control : forall i t, (i <= t)%nat -> 1 < N (∏ j ∈ [S i, t], c j) -> 1 < g.
Proof. script. Qed.

Theorem wrong : forall i t, (i <= t)%nat -> 1 < g -> 1 < N (∏ j ∈ [S i, t], c j).
Proof. script. Qed.

End Wrong.
