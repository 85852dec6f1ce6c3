namespace Sagitta.Physics.Calorimeter;

/// <summary>All passages of one track through one layer as one hit.</summary>
internal readonly record struct MergedHit(int Event, int Track, bool Primary, int Layer, double X, double Y, double Z, double Energy);
