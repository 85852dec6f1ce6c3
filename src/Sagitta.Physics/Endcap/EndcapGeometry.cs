namespace Sagitta.Physics.Endcap;

/// <summary>What hits mean: planes in order of z, each with the coordinate that it measures, and stations of them.</summary>
internal sealed class EndcapGeometry
{
    /// <exception cref="BadInputException">A station has too few planes of a kind to find segments in it.</exception>
    public EndcapGeometry(EndcapDetector detector)
    {
        const int Fewest = 3;
        Detector = detector;
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
    public IReadOnlyList<EndcapPlane> Planes => Detector.Planes;

    /// <summary>The stations.</summary>
    public IReadOnlyList<EndcapStation> Stations { get; }
}

/// <summary>The planes of a station.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Planes">Indices of its planes.</param>
/// <param name="Z">Its middle plane, mm.</param>
internal sealed record EndcapStation(int Index, IReadOnlyList<int> Planes, double Z);
