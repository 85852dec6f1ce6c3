namespace Sagitta.Physics.Calorimeter;

/// <summary>One passage of one track through one layer.</summary>
/// <param name="Event">Number of the event.</param>
/// <param name="Track">Track number within the event, 1 for the beam particle.</param>
/// <param name="Parent">Track number of the parent, 0 for the beam particle.</param>
/// <param name="Particle">Particle code (Particle Data Group).</param>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="X">x, mm.</param>
/// <param name="Y">y, mm.</param>
/// <param name="Z">z, mm.</param>
/// <param name="Energy">Energy deposited, MeV.</param>
internal readonly record struct Passage(int Event, int Track, int Parent, int Particle, int Layer, double X, double Y, double Z,
    double Energy);
