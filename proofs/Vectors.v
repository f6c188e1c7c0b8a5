(* Vectors and matrices of real numbers as normed spaces.

   A tuple of n entries from a normed space V is the iterated product ((V × V) × …) × V with the Euclidean norm, so that
   all of Coquelicot's calculus applies.  Entries are counted from 1, as in print.  A column of ℝⁿ is a tuple of n real
   numbers, an m × n matrix a tuple of m rows of n numbers. *)
Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Bptt Require Import Unrolled.
#[local] Arguments sum_n_m : simpl never.
#[local] Arguments Nat.eq_dec : simpl never.

(* [ring] for an equation between entries, whose type is the normed space ℝ. *)
Ltac real_ring := match goal with |- ?a = ?b => change (@eq R a b); ring end.

(* The space with one point, for n = 0 *)

Lemma point_is_unique (x y : unit) : x = y.
Proof. now destruct x, y. Qed.

Definition point_group : AbelianGroup :=
  AbelianGroup.Pack unit
    (AbelianGroup.Mixin unit (fun _ _ => tt) (fun _ => tt) tt (fun _ _ => point_is_unique _ _)
       (fun _ _ _ => point_is_unique _ _) (fun _ => point_is_unique _ _) (fun _ => point_is_unique _ _)) unit.

Definition point_module : ModuleSpace R_AbsRing :=
  ModuleSpace.Pack R_AbsRing unit
    (ModuleSpace.Class R_AbsRing unit (AbelianGroup.class point_group)
       (ModuleSpace.Mixin R_AbsRing point_group (fun _ _ => tt) (fun _ _ _ => point_is_unique _ _)
          (fun _ => point_is_unique _ _) (fun _ _ _ => point_is_unique _ _) (fun _ _ _ => point_is_unique _ _))) unit.

Definition point_uniform : UniformSpace.mixin_of unit :=
  UniformSpace.Mixin unit tt (fun _ eps _ => 0 < eps) (fun _ eps => cond_pos eps) (fun _ _ _ H => H)
    (fun _ _ _ e1 e2 H1 H2 => Rplus_lt_0_compat e1 e2 H1 H2).

Definition point_aux : NormedModuleAux R_AbsRing :=
  NormedModuleAux.Pack R_AbsRing unit
    (NormedModuleAux.Class R_AbsRing unit (ModuleSpace.class R_AbsRing point_module) point_uniform) unit.

Lemma point_norm_mixin : NormedModule.mixin_of R_AbsRing point_aux.
Proof.
  apply (NormedModule.Mixin R_AbsRing point_aux (fun _ => 0) 1).
  - intros; lra.
  - intros; lra.
  - intros x y eps H; exact H.
  - intros x y eps _. assert (P := cond_pos eps). lra.
  - intros x _. apply point_is_unique.
Defined.

Definition point : NormedModule R_AbsRing :=
  NormedModule.Pack R_AbsRing unit (NormedModule.Class R_AbsRing unit (NormedModuleAux.class R_AbsRing point_aux)
    point_norm_mixin) unit.

(* Tuples *)

Fixpoint tuple (V : NormedModule R_AbsRing) (n : nat) : NormedModule R_AbsRing :=
  match n with
  | 0 => point
  | S m => prod_NormedModule R_AbsRing (tuple V m) V
  end.

Notation column := (tuple R_NormedModule).
Notation matrix m n := (tuple (tuple R_NormedModule n) m).

Section Tuples.
Context {V : NormedModule R_AbsRing}.

(* the i-th entry, zero outside 1 … n *)
Fixpoint entry {n : nat} : tuple V n -> nat -> V :=
  match n with
  | 0 => fun _ _ => zero
  | S m => fun x i => if Nat.eq_dec i (S m) then snd x else entry (fst x) i
  end.

(* the tuple with the entries F 1, …, F n *)
Fixpoint build (n : nat) (F : nat -> V) : tuple V n :=
  match n with
  | 0 => tt
  | S m => (build m F, F (S m))
  end.

Lemma entry_build (n : nat) (F : nat -> V) (i : nat) : (1 <= i <= n)%nat -> entry (build n F) i = F i.
Proof.
  induction n as [|n IH]; intros Hi; [lia|]. cbn. destruct (Nat.eq_dec i (S n)) as [->|Q]; [reflexivity|].
  apply IH. lia.
Qed.

Lemma build_ext (n : nat) (F G : nat -> V) : (forall i, (1 <= i <= n)%nat -> F i = G i) -> build n F = build n G.
Proof.
  intros HFG. induction n as [|n IH]; [reflexivity|]. cbn. rewrite IH, HFG by (lia || (intros; apply HFG; lia)).
  reflexivity.
Qed.

Lemma tuple_ext (n : nat) (x y : tuple V n) : (forall i, (1 <= i <= n)%nat -> entry x i = entry y i) -> x = y.
Proof.
  induction n as [|n IH]; [intros; apply point_is_unique|]. destruct x as [x x'], y as [y y']. intros E. f_equal.
  - apply IH. intros i Hi. specialize (E i ltac:(lia)). revert E. cbn.
    destruct (Nat.eq_dec i (S n)); [lia | exact (fun E => E)].
  - specialize (E (S n) ltac:(lia)). revert E. cbn. destruct (Nat.eq_dec (S n) (S n)); [exact (fun E => E) | easy].
Qed.

Lemma is_linear_entry (n i : nat) : is_linear (fun x : tuple V n => entry x i).
Proof.
  induction n as [|n IH]; [apply is_linear_zero|]. cbn. destruct (Nat.eq_dec i (S n)).
  - apply is_linear_snd.
  - apply (is_linear_comp (fun x : tuple V n * V => fst x) (fun x => entry x i)); [apply is_linear_fst | exact IH].
Qed.

Lemma entry_plus (n : nat) (x y : tuple V n) (i : nat) : entry (plus x y) i = plus (entry x i) (entry y i).
Proof. apply (linear_plus _ (is_linear_entry n i)). Qed.

Lemma entry_zero (n : nat) (i : nat) : entry (zero : tuple V n) i = zero.
Proof. apply (linear_zero _ (is_linear_entry n i)). Qed.

Lemma entry_scal (n : nat) (k : R) (x : tuple V n) (i : nat) : entry (scal k x) i = scal k (entry x i).
Proof. apply (linear_scal _ (is_linear_entry n i)). Qed.

Lemma entry_opp (n : nat) (x : tuple V n) (i : nat) : entry (opp x) i = opp (entry x i).
Proof. apply (linear_opp _ x (is_linear_entry n i)). Qed.

Lemma norm_entry (n : nat) (x : tuple V n) (i : nat) : norm (entry x i) <= norm x.
Proof.
  induction n as [|n IH]; cbn [entry].
  - rewrite norm_zero. apply norm_ge_0.
  - destruct (Nat.eq_dec i (S n)); [apply (norm_le_prod_norm_2 x)|].
    eapply Rle_trans; [apply IH | apply (norm_le_prod_norm_1 x)].
Qed.

Lemma norm_pair_le (n : nat) (x : tuple V n) (y : V) : norm ((x, y) : tuple V (S n)) <= norm x + norm y.
Proof.
  assert (Nx := norm_ge_0 x). assert (Ny := norm_ge_0 y).
  change (sqrt (norm x ^ 2 + norm y ^ 2) <= norm x + norm y).
  rewrite <- (sqrt_Rsqr (norm x + norm y)) by lra. apply sqrt_le_1_alt. unfold Rsqr. nra.
Qed.

Lemma norm_build (n : nat) (F : nat -> V) : norm (build n F) <= sum_n_m (fun i => norm (F i)) 1 n.
Proof.
  induction n as [|n IH].
  - rewrite sum_n_m_zero by lia. apply Rle_refl.
  - rewrite sum_S. eapply Rle_trans; [apply norm_pair_le|]. apply Rplus_le_compat_r, IH.
Qed.

(* A tuple is differentiable when each of its entries is. *)
Lemma filterdiff_build {U : NormedModule R_AbsRing} (x : U) (n : nat) (F dF : nat -> U -> V) :
  (forall i, (1 <= i <= n)%nat -> filterdiff (F i) (locally x) (dF i)) ->
  filterdiff (fun u => build n (fun i => F i u)) (locally x) (fun du => build n (fun i => dF i du)).
Proof.
  intros HF. induction n as [|n IH]; [apply (filterdiff_const (tt : tuple V 0))|]. cbn [build].
  apply (filterdiff_comp'_2 (fun u => build n (fun i => F i u)) (F (S n)) (fun a b => (a, b) : tuple V (S n)) x
           (fun du => build n (fun i => dF i du)) (dF (S n)) (fun a b => (a, b))).
  - apply IH. intros; apply HF; lia.
  - apply HF; lia.
  - apply filterdiff_ext with (f := fun t : tuple V n * V => t); [now intros [a b]|].
    eapply filterdiff_ext_lin; [apply filterdiff_id | now intros [a b]].
Qed.

Lemma filterdiff_entry {U : NormedModule R_AbsRing} (x : U) (n i : nat) (F dF : U -> tuple V n) :
  filterdiff F (locally x) dF -> filterdiff (fun u => entry (F u) i) (locally x) (fun du => entry (dF du) i).
Proof.
  intros HF. apply (filterdiff_comp' F (fun y => entry y i) x dF (fun y => entry y i)); [exact HF|].
  apply filterdiff_linear, is_linear_entry.
Qed.

End Tuples.

(* Real vectors and matrices *)

Definition entries {m n : nat} (A : matrix m n) (i j : nat) : R := entry (entry A i) j.
Definition build_matrix (m n : nat) (F : nat -> nat -> R) : matrix m n := build m (fun i => build n (F i)).

(* xᵀ y *)
Definition dot {n : nat} (x y : column n) : R := sum_n_m (fun i => entry x i * entry y i) 1 n.
(* A x, Aᵀ y *)
Definition times {m n : nat} (A : matrix m n) (x : column n) : column m := build m (fun i => dot (entry A i) x).
Definition times_transposed {m n : nat} (A : matrix m n) (y : column m) : column n :=
  build n (fun j => sum_n_m (fun i => entries A i j * entry y i) 1 m).
(* diag(x) y, x yᵀ and the entrywise scalar product of matrices, tr(Aᵀ B) *)
Definition diagonal {n : nat} (x y : column n) : column n := build n (fun i => entry x i * entry y i).
Definition outer {m n : nat} (x : column m) (y : column n) : matrix m n :=
  build_matrix m n (fun i j => entry x i * entry y j).
Definition dot_matrix {m n : nat} (A B : matrix m n) : R := sum_n_m (fun i => dot (entry A i) (entry B i)) 1 m.

Lemma entries_build (m n : nat) (F : nat -> nat -> R) (i j : nat) :
  (1 <= i <= m)%nat -> (1 <= j <= n)%nat -> entries (build_matrix m n F) i j = F i j.
Proof. intros Hi Hj. unfold entries, build_matrix. now rewrite !entry_build. Qed.

(* Finite sums of real numbers *)

Lemma sum_ext (n : nat) (F G : nat -> R) :
  (forall i, (1 <= i <= n)%nat -> F i = G i) -> sum_n_m F 1 n = sum_n_m G 1 n.
Proof. apply sum_n_m_ext_loc. Qed.

Lemma sum_zero (n : nat) : sum_n_m (fun _ => 0) 1 n = 0.
Proof. apply (sum_n_m_const_zero (G := R_AbelianGroup)). Qed.

Lemma sum_plus (n : nat) (F G : nat -> R) : sum_n_m (fun i => F i + G i) 1 n = sum_n_m F 1 n + sum_n_m G 1 n.
Proof. apply (sum_n_m_plus (G := R_AbelianGroup)). Qed.

Lemma sum_mult (n : nat) (k : R) (F : nat -> R) : sum_n_m (fun i => k * F i) 1 n = k * sum_n_m F 1 n.
Proof. apply (sum_n_m_mult_l (K := R_Ring)). Qed.

Lemma sum_exchange (m n : nat) (F : nat -> nat -> R) :
  sum_n_m (fun i => sum_n_m (F i) 1 n) 1 m = sum_n_m (fun j => sum_n_m (fun i => F i j) 1 m) 1 n.
Proof.
  induction m as [|m IH].
  - rewrite sum_n_m_zero by lia. rewrite (sum_ext n _ (fun _ => 0)) by (intros; now rewrite sum_n_m_zero by lia).
    symmetry. apply sum_zero.
  - rewrite sum_S, IH, <- sum_plus. apply sum_ext. intros j _. now rewrite sum_S.
Qed.

Lemma sum_single (n k : nat) (F : nat -> R) :
  (1 <= k <= n)%nat -> sum_n_m (fun i => if Nat.eq_dec i k then F i else 0) 1 n = F k.
Proof.
  intros Hk. induction n as [|n IH]; [lia|]. rewrite sum_S. destruct (Nat.eq_dec (S n) k) as [E|Q].
  - subst k. rewrite (sum_ext n _ (fun _ => 0)) by (intros i Hi; now destruct (Nat.eq_dec i (S n)); [lia|]).
    rewrite sum_zero. apply Rplus_0_l.
  - rewrite IH by lia. apply Rplus_0_r.
Qed.

Lemma sum_le (n : nat) (F : nat -> R) (M : R) : (forall i, F i <= M) -> sum_n_m F 1 n <= INR n * M.
Proof.
  intros HF. replace (INR n * M) with (sum_n_m (fun _ => M) 1 n); [now apply sum_n_m_le|].
  rewrite sum_n_m_const. f_equal. f_equal. lia.
Qed.

(* Scalar products *)

Lemma dot_comm (n : nat) (x y : column n) : dot x y = dot y x.
Proof. apply sum_ext. intros. apply Rmult_comm. Qed.

Lemma dot_plus_r (n : nat) (x y z : column n) : dot x (plus y z) = dot x y + dot x z.
Proof.
  unfold dot. rewrite <- sum_plus. apply sum_ext. intros i _. rewrite entry_plus. change plus with Rplus. ring.
Qed.

Lemma dot_scal_r (n : nat) (k : R) (x y : column n) : dot x (scal k y) = k * dot x y.
Proof.
  unfold dot. rewrite <- sum_mult. apply sum_ext. intros i _. rewrite entry_scal. change scal with Rmult. ring.
Qed.

Lemma dot_zero_r (n : nat) (x : column n) : dot x zero = 0.
Proof.
  unfold dot. rewrite (sum_ext n _ (fun _ => 0)); [apply sum_zero|].
  intros i _. rewrite entry_zero. apply Rmult_0_r.
Qed.

Lemma dot_plus_l (n : nat) (x y z : column n) : dot (plus x y) z = dot x z + dot y z.
Proof. now rewrite !(dot_comm n _ z), dot_plus_r. Qed.

Lemma dot_scal_l (n : nat) (k : R) (x y : column n) : dot (scal k x) y = k * dot x y.
Proof. now rewrite !(dot_comm n _ y), dot_scal_r. Qed.

Lemma dot_opp_l (n : nat) (x y : column n) : dot (opp x) y = - dot x y.
Proof.
  transitivity (-1 * dot x y); [|ring]. unfold dot. rewrite <- sum_mult. apply sum_ext. intros i _.
  rewrite entry_opp. change opp with Ropp. ring.
Qed.

Lemma scal_one_R {U : NormedModule R_AbsRing} (x : U) : scal 1 x = x.
Proof. apply (scal_one x). Qed.

Lemma Rabs_dot (n : nat) (x y : column n) : Rabs (dot x y) <= INR n * (norm x * norm y).
Proof.
  eapply Rle_trans; [apply (norm_sum_n_m (V := R_NormedModule))|]. apply sum_le. intros i.
  change (Rabs (entry x i * entry y i) <= norm x * norm y). rewrite Rabs_mult.
  apply Rmult_le_compat; try apply Rabs_pos; [exact (norm_entry n x i) | exact (norm_entry n y i)].
Qed.

(* yᵀ (A x) = (Aᵀ y)ᵀ x *)
Lemma dot_times (m n : nat) (A : matrix m n) (x : column n) (y : column m) :
  dot y (times A x) = dot (times_transposed A y) x.
Proof.
  transitivity (sum_n_m (fun i => sum_n_m (fun j => entry y i * (entries A i j * entry x j)) 1 n) 1 m).
  { apply sum_ext. intros i Hi. unfold times. rewrite entry_build by exact Hi. symmetry. apply sum_mult. }
  rewrite sum_exchange. apply sum_ext. intros j Hj. unfold times_transposed. rewrite entry_build by exact Hj.
  rewrite Rmult_comm, <- sum_mult. apply sum_ext. intros. ring.
Qed.

(* yᵀ diag(d) x = (diag(d) y)ᵀ x *)
Lemma dot_diagonal (n : nat) (d x y : column n) : dot y (diagonal d x) = dot (diagonal d y) x.
Proof. apply sum_ext. intros i Hi. unfold diagonal. rewrite !entry_build by exact Hi. ring. Qed.

(* yᵀ A x = tr((y xᵀ)ᵀ A): why the gradient with respect to a matrix is an outer product *)
Lemma dot_outer (m n : nat) (A : matrix m n) (x : column n) (y : column m) :
  dot y (times A x) = dot_matrix (outer y x) A.
Proof.
  apply sum_ext. intros i Hi. unfold times, outer, build_matrix. rewrite !entry_build by exact Hi.
  unfold dot. rewrite <- sum_mult. apply sum_ext. intros j Hj. rewrite entry_build by exact Hj.
  ring.
Qed.

Lemma dot_matrix_plus_l (m n : nat) (A B C : matrix m n) : dot_matrix (plus A B) C = dot_matrix A C + dot_matrix B C.
Proof.
  unfold dot_matrix. rewrite <- sum_plus. apply sum_ext. intros i _. now rewrite (entry_plus m), dot_plus_l.
Qed.

Lemma dot_matrix_scal_l (m n : nat) (k : R) (A B : matrix m n) : dot_matrix (scal k A) B = k * dot_matrix A B.
Proof.
  unfold dot_matrix. rewrite <- sum_mult. apply sum_ext. intros i _. now rewrite (entry_scal m), dot_scal_l.
Qed.

Lemma dot_matrix_zero_l (m n : nat) (A : matrix m n) : dot_matrix zero A = 0.
Proof.
  unfold dot_matrix. rewrite (sum_ext m _ (fun _ => 0)); [apply sum_zero|].
  intros i _. rewrite (entry_zero m), dot_comm. apply dot_zero_r.
Qed.

Lemma dot_matrix_zero_r (m n : nat) (A : matrix m n) : dot_matrix A zero = 0.
Proof.
  unfold dot_matrix. rewrite (sum_ext m _ (fun _ => 0)); [apply sum_zero|]. intros i _. rewrite (entry_zero m).
  apply dot_zero_r.
Qed.

Lemma is_linear_dot (n : nat) (x : column n) : is_linear (dot x).
Proof.
  split; [apply dot_plus_r | intros; apply dot_scal_r |].
  assert (Pn := pos_INR n). assert (Px := norm_ge_0 x). assert (P := Rmult_le_pos _ _ Pn Px).
  exists (INR n * norm x + 1). split; [lra|]. intros y. assert (B := Rabs_dot n x y). assert (Py := norm_ge_0 y).
  change (norm (dot x y)) with (Rabs (dot x y)). nra.
Qed.
