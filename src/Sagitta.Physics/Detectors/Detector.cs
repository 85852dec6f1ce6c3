namespace Sagitta.Physics.Detectors;

/// <summary>
/// A spectrometer as its file describes it: a uniform field along +x and planes in order of z. Lengths in mm, field in T.
/// </summary>
public sealed record Detector
{
    /// <summary>Name, stored in event files and models so that they are never used with another detector.</summary>
    public required string Name { get; init; }

    /// <summary>Field along +x in T; the trajectory bends in the (y, z) plane.</summary>
    public required double FieldTesla { get; init; }

    /// <summary>Planes in increasing z.</summary>
    public required IReadOnlyList<Plane> Planes { get; init; }

    /// <summary>Number of stations.</summary>
    public int StationCount => Planes.Count == 0 ? 0 : Planes[^1].Station + 1;

    /// <summary>The index of the middle plane of a station (the upper one of two), where its road centre is defined.</summary>
    public int MiddlePlane(int station)
    {
        int first = -1;
        int last = -1;
        for (int i = 0; i < Planes.Count; i++)
        {
            if (Planes[i].Station == station)
            {
                first = first < 0 ? i : first;
                last = i;
            }
        }

        return first < 0 ? throw new ArgumentOutOfRangeException(nameof(station), $"Detector '{Name}' has stations 0 .. {StationCount - 1}.") : (first + last + 1) / 2;
    }
}
