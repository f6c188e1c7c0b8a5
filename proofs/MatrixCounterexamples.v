(* What the wrong statements of wrong/Matrices_* claim is false, by an example of 2 × 2 integers. *)
From mathcomp Require Import all_ssreflect all_algebra.
Import GRing.Theory.
Local Open Scope ring_scope.

Definition first : 'cV[int]_2 := delta_mx 0 0.
Definition second : 'cV[int]_2 := delta_mx 1 0.

Ltac one_is_not_zero :=
  rewrite ?trmx_mul ?trmxK !trmx_delta !mul_delta_mx mul_delta_mx_0 // mxtrace0 /mxtrace big_ord1 mxE.

(** The outer product the wrong way round, h δᵀ for δ hᵀ, is wrong. *)
Theorem outer_product_swapped_is_wrong :
  ~ (forall (F : comRingType) (n : nat) (delta h : 'cV[F]_n) (dW : 'M[F]_n),
     \tr (delta^T *m (dW *m h)) = \tr ((h *m delta^T)^T *m dW)).
Proof.
  move=> claim; have := claim _ _ first second (delta_mx 0 1).
  by rewrite /first /second; one_is_not_zero.
Qed.

(** The inner product of matrices without the transpose is wrong. *)
Theorem outer_product_not_transposed_is_wrong :
  ~ (forall (F : comRingType) (n : nat) (delta h : 'cV[F]_n) (dW : 'M[F]_n),
     \tr (delta^T *m (dW *m h)) = \tr ((delta *m h^T) *m dW)).
Proof.
  move=> claim; have := claim _ _ first second (delta_mx 0 1).
  by rewrite /first /second; one_is_not_zero.
Qed.
