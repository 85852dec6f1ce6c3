namespace Sagitta.Physics.Calorimeter;

/// <summary>
/// Passages of particles through the sensitive layers of a tracking calorimeter, as columns: what a simulation writes, before
/// any preparation. Layers 0 and 1 are the tracker, 2 and up the calorimeter.
/// </summary>
internal sealed class CalorimeterDeposits
{
    /// <summary>Number of passages.</summary>
    public int Count => EventNumber.Length;

    /// <summary>Event (beam particle) of each passage.</summary>
    public required int[] EventNumber { get; init; }

    /// <summary>Track number within the event.</summary>
    public required int[] Track { get; init; }

    /// <summary>Track number of the parent; 0 for the beam particle.</summary>
    public required int[] Parent { get; init; }

    /// <summary>Particle code (Particle Data Group); 0 where the file has none.</summary>
    public required int[] Particle { get; init; }

    /// <summary>Layer, from 0.</summary>
    public required int[] Layer { get; init; }

    /// <summary>x, mm.</summary>
    public required double[] X { get; init; }

    /// <summary>y, mm.</summary>
    public required double[] Y { get; init; }

    /// <summary>z, mm.</summary>
    public required double[] Z { get; init; }

    /// <summary>Energy deposited, MeV.</summary>
    public required double[] Energy { get; init; }

    /// <summary>These passages and those of other events behind them, whose event numbers are moved behind the last of these.</summary>
    public CalorimeterDeposits Followed(CalorimeterDeposits others)
    {
        int first = Count == 0 ? 0 : EventNumber.Max() + 1;
        return new()
        {
            EventNumber = [.. EventNumber, .. others.EventNumber.Select(number => first + number)],
            Track = [.. Track, .. others.Track],
            Parent = [.. Parent, .. others.Parent],
            Particle = [.. Particle, .. others.Particle],
            Layer = [.. Layer, .. others.Layer],
            X = [.. X, .. others.X],
            Y = [.. Y, .. others.Y],
            Z = [.. Z, .. others.Z],
            Energy = [.. Energy, .. others.Energy],
        };
    }
}
