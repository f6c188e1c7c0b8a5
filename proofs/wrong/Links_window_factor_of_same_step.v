(* A window that grows by the factor of its own step. *)
From Bptt Require Import Links.
From Coq Require Import Arith Lia.

Section Wrong.
Context {C : factors} {G : rows C}.
Variables (g : nat -> G) (c : nat -> C).

Definition claim (factor : nat -> C) : Prop := forall i k,
  (∑ t ∈ [i, i + S k], g t ◃ (∏ j ∈ [S i, t], c j)) =
  g i + (∑ t ∈ [S i, i + S k], g t ◃ (∏ j ∈ [S (S i), t], c j)) ◃ factor i.

Ltac script :=
  intros i k; rewrite (sum_first i), product_empty, carry_unit, carry_sum by lia; f_equal;
  apply sum_ext; intros t Ht; rewrite product_first, carry_mul by lia; reflexivity.

Theorem control : claim (fun i => c (S i)).
Proof. script. Qed.

Theorem wrong : claim c.
Proof. script. Qed.

End Wrong.
