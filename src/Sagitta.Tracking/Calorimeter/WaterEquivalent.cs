namespace Sagitta.Tracking.Calorimeter;

/// <summary>From the range that a proton has left at the first layer to its energy there and to the water that it passed before, by the
/// range of the calorimeter's water in Bethe's formula. Lengths in mm of water, energies in MeV.</summary>
internal sealed class WaterEquivalent
{
    // Standard deviation of a range over the range: the width of ranges at the first layer behind 100, 150 and 200 mm of water in the
    // Geant4 training files, 2.7, 3.2 and 3.5 mm, is the root of the difference of squares of this share of the ranges before and behind.
    private const double Straggling = 0.0115;
    private readonly RangeTable _table;
    private readonly double _beamRange;
    private readonly double _beamSpread;

    /// <summary>For a beam of this energy.</summary>
    public WaterEquivalent(TrackingCalorimeter calorimeter, double beamEnergy)
    {
        _table = new([new(calorimeter.Phantom, 1)]);
        _beamRange = _table.Range(beamEnergy);
        double spread = calorimeter.Beam.EnergySpread * beamEnergy;
        _beamSpread = (_table.Range(beamEnergy + spread) - _table.Range(beamEnergy - spread)) / 2;
    }

    /// <summary>Kinetic energy of a range.</summary>
    public double Energy(double range) => _table.Energy(range);

    /// <summary>Path length before the first layer.</summary>
    public double PathLength(double range) => _beamRange - range;

    /// <summary>Standard error of the energy, by that of the range.</summary>
    public double EnergyError(double range, double fitError)
    {
        double error = RangeError(range, fitError);
        return (Energy(range + error) - Energy(range - error)) / 2;
    }

    /// <summary>Standard error of a range: that of its fit, and the straggling of what is left.</summary>
    public static double RangeError(double range, double fitError) =>
        Math.Sqrt((fitError * fitError) + Math.Pow(Straggling * range, 2));

    /// <summary>Standard error of the path length: that of the fit, the straggling of the whole way and the spread of the beam's
    /// energy.</summary>
    public double PathLengthError(double fitError) =>
        Math.Sqrt((fitError * fitError) + Math.Pow(Straggling * _beamRange, 2) + (_beamSpread * _beamSpread));

    /// <summary>Water equivalent of the air and of the part of the first layer that a proton passes besides the object.</summary>
    /// <param name="calorimeter">The calorimeter.</param>
    /// <param name="objectLength">Length of the object along the beam, where there is no air.</param>
    public static double BesidesObject(TrackingCalorimeter calorimeter, double objectLength)
    {
        const double Energy = 200;
        double water = ProtonStopping.Loss(calorimeter.Phantom, Energy);
        LayerGroup first = calorimeter.Groups[0];
        double air = Math.Max(0, first.Front - calorimeter.Beam.Z - objectLength);
        return ((air * ProtonStopping.Loss(calorimeter.Medium, Energy))
            + first.Before.Sum(slab => slab.Thickness * ProtonStopping.Loss(slab.Material, Energy))) / water;
    }
}
