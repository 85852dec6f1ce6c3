namespace Sagitta.Physics.Endcap;

/// <summary>What hits mean: planes in order of z, each with the coordinate that it measures, and stations of them.</summary>
internal sealed class EndcapGeometry
{
    /// <exception cref="BadInputException">A station has too few planes of a kind to find segments in it.</exception>
    public EndcapGeometry(EndcapDetector detector)
    {
        const int Fewest = 3;
        Detector = detector;
        Planes = [.. detector.Planes.Select(plane => new StereoPlane(plane.Z, plane.Station, plane.Cosine, plane.Sine, plane.Offset))];
        Stations = [.. Enumerable.Range(0, detector.Strips.StationCount).Select(s => new EndcapStation(s,
            [.. Enumerable.Range(0, Planes.Count).Where(p => Planes[p].Station == s)], Planes[detector.Strips.MiddlePlane(s)].Z))];
        foreach (EndcapStation station in Stations)
        {
            int axial = station.Planes.Count(p => !Planes[p].IsStereo);
            if (axial < Fewest || station.Planes.Count - axial < 2)
            {
                throw new BadInputException($"detector '{detector.Name}', station {station.Index}",
                    $"it has {axial} planes of stereo angle 0 and {station.Planes.Count - axial} others",
                    $"segments need {Fewest} planes of stereo angle 0 and 2 others in each station");
            }
        }

        if (Stations.Count < 2)
        {
            throw new BadInputException($"detector '{detector.Name}'", "it has one station", "momenta need a station behind the field");
        }
    }

    public EndcapDetector Detector { get; }

    /// <summary>The planes as strips of gas gaps.</summary>
    public Detector Strips => Detector.Strips;

    /// <summary>The planes.</summary>
    public IReadOnlyList<StereoPlane> Planes { get; }

    /// <summary>The stations.</summary>
    public IReadOnlyList<EndcapStation> Stations { get; }
}

/// <summary>The planes of a station.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Planes">Indices of its planes.</param>
/// <param name="Z">Its middle plane, mm.</param>
internal sealed record EndcapStation(int Index, IReadOnlyList<int> Planes, double Z);

/// <summary>A plane that measures y cos a + x sin a, and states it with an offset.</summary>
/// <param name="Z">Centre of its gap, mm.</param>
/// <param name="Station">Station number.</param>
/// <param name="Cos">Cosine of its stereo angle.</param>
/// <param name="Sin">Sine of its stereo angle.</param>
/// <param name="Offset">What hits have in u beyond y cos a + x sin a, mm.</param>
internal readonly record struct StereoPlane(double Z, int Station, double Cos, double Sin, double Offset)
{
    /// <summary>Whether it measures x too: planes that were meant to be straight and are turned by some mrad do not count.</summary>
    public bool IsStereo => Math.Abs(Sin) > 5e-3;

    /// <summary>y cos a + x sin a, mm.</summary>
    public double U(double x, double y) => (y * Cos) + (x * Sin);
}
