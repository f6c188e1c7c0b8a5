(* The inner product of matrices without the transpose. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Bptt Require Import Matrices.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Wrong.
Variables (F : comRingType) (n : nat) (delta h : 'cV[F]_n) (dW : 'M[F]_n).

Ltac script := rewrite ?trmx_mul ?trmxK mulmxA mxtrace_mulC ?mulmxA; reflexivity.

Theorem control : \tr (delta^T *m (dW *m h)) = \tr ((delta *m h^T)^T *m dW).
Proof. script. Qed.

Theorem wrong : \tr (delta^T *m (dW *m h)) = \tr ((delta *m h^T) *m dW).
Proof. script. Qed.

End Wrong.
