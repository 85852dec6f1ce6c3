namespace Sagitta.Tracking.Classical;

/// <summary>Neighbouring fired strips of one plane.</summary>
/// <param name="FirstHit">Its first hit in the event set.</param>
/// <param name="EndHit">One past its last.</param>
/// <param name="Plane">Plane index.</param>
/// <param name="Y">Charge-weighted centre, mm.</param>
/// <param name="Width">Charge-weighted variance about it, mm^2.</param>
/// <param name="Concentration">Sum of squared shares of charge.</param>
internal readonly record struct StripCluster(int FirstHit, int EndHit, int Plane, double Y, double Width, double Concentration);
