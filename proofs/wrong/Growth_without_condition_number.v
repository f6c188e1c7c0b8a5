(* The condition number is left out: W = X Λ X⁻¹ taken to grow like Λ from the first step on. *)
From Bptt Require Import Growth.
Require Import Reals Arith Lia.

Section Wrong.
Context {C : factors}.
Variable N : C -> R.
Local Open Scope R_scope.
Hypothesis not_negative : forall x, 0 <= N x.
Hypothesis of_product : forall x y : C, N (mul x y) <= N x * N y.
Hypothesis of_unit : N unit <= 1.
Variables (W X L Y : C).
Hypothesis inverse : mul Y X = unit.
Hypothesis other : mul X Y = unit.
Hypothesis similar : W = mul X (mul L Y).

Ltac script := intros k; now apply (power_of_similar N not_negative of_product of_unit W X L Y k).

Theorem control : forall k, N (∏ j ∈ [1, k], W) <= N X * N L ^ k * N Y.
Proof. script. Qed.

Theorem wrong : forall k, N (∏ j ∈ [1, k], W) <= N L ^ k.
Proof. script. Qed.

End Wrong.
