(* o - y without the hypothesis that the entries of y sum to one. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise Softmax Network VanillaRnn WholeNetwork.

Section Wrong.
Variables (q : nat) (y s : column q) (k : nat).
Hypothesis classes : (1 <= q)%nat.
Hypothesis score : (1 <= k <= q)%nat.

Definition claim (value : R) : Prop := is_derive (fun v => cross_entropy y (replace s k v)) (entry s k) value.

Ltac script :=
  intros sums;
  assert (partial := gradient_entry q _ s _ k score (cross_entropy_gradient classes y s sums));
  unfold minus in partial; rewrite entry_plus, entry_opp in partial; exact partial.

Theorem control : total y = 1 -> claim (entry (softmax s) k - entry y k).
Proof. script. Qed.

Theorem wrong : total y = total y -> claim (entry (softmax s) k - entry y k).
Proof. script. Qed.

End Wrong.
