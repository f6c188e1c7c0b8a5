(* The bound from above, said of below: ‖c_t ⋯ c_{i+1}‖ ≥ ‖c_t‖ ⋯ ‖c_{i+1}‖. *)
From Bptt Require Import Growth.
Require Import Reals Arith Lia.

Section Wrong.
Context {C : factors}.
Variable N : C -> R.
Local Open Scope R_scope.
Hypothesis not_negative : forall x, 0 <= N x.
Hypothesis of_product : forall x y : C, N (mul x y) <= N x * N y.
Hypothesis of_unit : N unit = 1.
Variable c : nat -> C.

Ltac script :=
  intros i t; induction t as [|t IH];
  [ rewrite product_of_empty, product_empty, of_unit by lia; apply Rle_refl
  | destruct (le_lt_dec (S i) (S t));
    [ rewrite product_of_last, product_last by lia;
      apply (Rle_trans _ (N (c (S t)) * N (∏ j ∈ [S i, t], c j)));
      [ apply of_product | now apply Rmult_le_compat_l ]
    | rewrite product_of_empty, product_empty, of_unit by lia; apply Rle_refl ] ].

Theorem control : forall i t, N (∏ j ∈ [S i, t], c j) <= product_of (S i) t (fun j => N (c j)).
Proof. script. Qed.

Theorem wrong : forall i t, product_of (S i) t (fun j => N (c j)) <= N (∏ j ∈ [S i, t], c j).
Proof. script. Qed.

End Wrong.
