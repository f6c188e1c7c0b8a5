(* The derivative of the logistic function as σ (1 + σ). *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise Softmax Network VanillaRnn WholeNetwork.

Ltac script :=
  unfold sigmoid; match goal with x : R |- _ => assert (N := exp_pos (- x)) end;
  auto_derive; [lra|]; field; lra.

Theorem control (x : R) :
  is_derive sigmoid x (sigmoid x * (1 - sigmoid x)).
Proof. script. Qed.

Theorem wrong (x : R) :
  is_derive sigmoid x (sigmoid x * (1 + sigmoid x)).
Proof. script. Qed.
