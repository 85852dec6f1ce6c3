using System.Runtime.Intrinsics;

namespace Sagitta.Physics.Endcap;

/// <summary>What hits mean: planes in order of z, each with the coordinate that it measures, and stations of them.</summary>
internal sealed class EndcapGeometry
{
    /// <summary>Numbers of a plane in <see cref="PlaneRows"/>.</summary>
    public const int PlaneColumns = 4;

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

    /// <summary>What files keep of each plane: z (mm), stereo angle (rad), offset in u and strip pitch (mm).</summary>
    public double[] PlaneRows() => [.. Detector.Planes.SelectMany(
        plane => (double[])[plane.Z, plane.StereoAngle, plane.Offset, plane.Strips.StripPitch])];

    /// <summary>What files keep of the field, T: its components before each plane, half way from the one before, in the middle of the
    /// plane's sensitive part.</summary>
    public double[] FieldRows() => [.. Detector.Planes.SelectMany((plane, i) =>
    {
        double z = 0.5 * (plane.Z + (i == 0 ? 0 : Detector.Planes[i - 1].Z));
        Vector256<double> field = Detector.Field.Value(0, 0.5 * (plane.Extent.LowY + plane.Extent.HighY), z);
        return (double[])[field[0], field[1], field[2]];
    })];

    /// <summary>How planes and field that a file keeps differ from these, to one micrometre and 1e-4 T; null if they do not.</summary>
    public string? Difference(double[] planes, double[] field)
    {
        double[] ownPlanes = PlaneRows(), ownField = FieldRows();
        if (planes.Length != ownPlanes.Length || field.Length != ownField.Length)
        {
            return $"there are {ownPlanes.Length / PlaneColumns} planes, not {planes.Length / PlaneColumns}";
        }

        string[] names = ["z", "stereo angle", "offset", "strip pitch"];
        for (int i = 0; i < planes.Length; i++)
        {
            // Offsets are found by alignment, from events that were made with others.
            if (names[i % PlaneColumns] != "offset"
                && !(Math.Abs(planes[i] - ownPlanes[i]) <= 1e-3 * (i % PlaneColumns == 1 ? 1e-3 : 1)))
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"the {names[i % PlaneColumns]} of plane {i / PlaneColumns} is {ownPlanes[i]:g8}, not {planes[i]:g8}");
            }
        }

        for (int i = 0; i < field.Length; i++)
        {
            if (!(Math.Abs(field[i] - ownField[i]) <= 1e-4))
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"the field's component {"xyz"[i % 3]} before plane {i / 3} is {ownField[i]:g6} T, not {field[i]:g6} T");
            }
        }

        return null;
    }
}

/// <summary>The planes of a station.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Planes">Indices of its planes.</param>
/// <param name="Z">Its middle plane, mm.</param>
internal sealed record EndcapStation(int Index, IReadOnlyList<int> Planes, double Z);
