(* The derivative of softmax as diag(o ∘ (1 - o)), as if it were applied entry by entry. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled Calculus Vectors Componentwise Softmax Network VanillaRnn WholeNetwork.

Ltac script :=
  intros classes; match goal with |- filterdiff softmax (locally ?s) _ =>
    apply filterdiff_ext_lin with (1 := softmax_derivative classes s) end;
  intros ds; apply tuple_ext; intros k Hk; unfold minus, diagonal;
  rewrite entry_plus, entry_opp, entry_scal, !entry_build by exact Hk; change plus with Rplus; change opp with Ropp;
  change scal with Rmult; real_ring.

Theorem control (q : nat) (s : column q) :
  (1 <= q)%nat -> filterdiff softmax (locally s)
    (fun ds => build q (fun k => entry (softmax s) k * entry ds k - entry (softmax s) k * dot (softmax s) ds)).
Proof. script. Qed.

Theorem wrong (q : nat) (s : column q) :
  (1 <= q)%nat -> filterdiff softmax (locally s)
    (fun ds => build q (fun k =>
       entry (softmax s) k * entry ds k - entry (softmax s) k * (entry (softmax s) k * entry ds k))).
Proof. script. Qed.
