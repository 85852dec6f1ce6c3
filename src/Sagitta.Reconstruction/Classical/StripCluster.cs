namespace Sagitta.Reconstruction.Classical;

/// <summary>Neighbouring fired strips of one plane.</summary>
/// <param name="FirstHit">Its first hit in the event set.</param>
/// <param name="EndHit">One past its last.</param>
/// <param name="Plane">Plane index.</param>
/// <param name="Y">Charge-weighted centre, mm.</param>
public readonly record struct StripCluster(int FirstHit, int EndHit, int Plane, double Y);
