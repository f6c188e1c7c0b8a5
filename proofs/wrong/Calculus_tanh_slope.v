(* tanh' = 1 - tanh, the square forgotten. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise Softmax Network VanillaRnn WholeNetwork.

Ltac script :=
  unfold tanh, sinh, cosh, Rsqr;
  match goal with x : R |- _ => assert (P := exp_pos x); assert (N := exp_pos (- x)) end;
  auto_derive; [lra|]; field; lra.

Theorem control (x : R) :
  is_derive tanh x (1 - (tanh x)²).
Proof. script. Qed.

Theorem wrong (x : R) :
  is_derive tanh x (1 - tanh x).
Proof. script. Qed.
