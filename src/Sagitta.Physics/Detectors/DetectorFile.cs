namespace Sagitta.Physics.Detectors;

/// <summary>
/// Reads detector files (docs/formats.md). Strict: an unknown field, a missing one or planes out of order are errors that name file,
/// line and field.
/// </summary>
public static class DetectorFile
{
    private const string Folder = "detectors";

    // Density 2.7 g/cm3 times 88.97 mm: an unnamed budget of radiation lengths is taken as aluminium spread over one millimetre.
    private const double AluminiumDensityTimesLength = 2.699 * 88.97;

    /// <summary>
    /// Loads a detector file by path, or a shipped one by name ("toy16"): names are looked up in a folder "detectors", from the current
    /// directory upwards, then from the program's own.
    /// </summary>
    /// <exception cref="BadInputException">No such file or name, or the file breaks a rule.</exception>
    public static Detector Load(string pathOrName) =>
        Read(StrictFile.Load(Find(pathOrName) ?? throw new BadInputException(
            $"detector '{pathOrName}'", "there is no such file or shipped detector",
            "give the path of a detector file, or one of the names toy16, toy17, three-station")));

    /// <summary>The file of a path or of a shipped name, as <see cref="Load"/> looks for it; null where there is none.</summary>
    internal static string? Find(string pathOrName)
    {
        if (File.Exists(pathOrName))
        {
            return pathOrName;
        }

        bool name = pathOrName.Length > 0 && pathOrName.AsSpan().IndexOfAny('/', '\\') < 0
            && !pathOrName.EndsWith(".yaml", StringComparison.Ordinal);
        return name ? Shipped(Directory.GetCurrentDirectory(), pathOrName) ?? Shipped(AppContext.BaseDirectory, pathOrName) : null;
    }

    /// <summary>Reads a detector from YAML text; <paramref name="name"/> stands for the file in messages.</summary>
    /// <exception cref="BadInputException">The text breaks a rule.</exception>
    internal static Detector Parse(string text, string name) => Read(StrictFile.Parse(text, name));

    private static string? Shipped(string from, string name)
    {
        for (DirectoryInfo? folder = new(from); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, Folder, name + ".yaml");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static Detector Read(StrictMapping root)
    {
        string name = root.RequiredText("name");
        _ = root.Text("description", "");
        double field = root.RequiredNumber("field", -20, 20);
        Dictionary<string, Material> materials = ReadMaterials(root);
        string medium = root.Text("medium", "");
        if (medium.Length > 0 && !materials.ContainsKey(medium))
        {
            throw root.Bad("medium", $"there is no material '{medium}'", MaterialRemedy(medium, materials));
        }

        Readout readout = ReadReadout(root.Mapping("readout"));
        PlaneFields shared = ReadPlaneFields(root.Mapping("plane"), new PlaneFields(), materials, finish: true);
        IReadOnlyList<StrictMapping> items = root.Mappings("planes");
        if (items.Count is 0 or > byte.MaxValue)
        {
            throw root.Bad("planes", "a detector has 1 to 255 planes", "list them as '- { z: 2000, station: 0 }'");
        }

        root.Finish();
        var planes = new List<Plane>(items.Count);
        foreach (StrictMapping item in items)
        {
            planes.Add(ReadPlane(item, shared, materials, planes.Count == 0 ? null : planes[^1]));
        }

        return new() { Name = name, FieldTesla = field, Planes = planes, Materials = materials, Medium = medium, Readout = readout };
    }

    private static Dictionary<string, Material> ReadMaterials(StrictMapping root)
    {
        var materials = new Dictionary<string, Material>(StringComparer.Ordinal);
        StrictMapping all = root.RequiredMapping("materials");
        foreach (string name in all.Names.ToArray())
        {
            StrictMapping fields = all.RequiredMapping(name);
            var absent = new Material { Name = name, Density = 1, RadiationLength = 1 };
            materials[name] = absent with
            {
                Density = fields.RequiredNumber("density", 1e-9, 30),
                RadiationLength = fields.RequiredNumber("radiationLength", 1e-3),
                ProtonsPerNucleon = fields.Number("protonsPerNucleon", absent.ProtonsPerNucleon, 0.3, 1),
                MeanExcitationEnergy = fields.Number("meanExcitationEnergy", absent.MeanExcitationEnergy, 10, 1000),
                IonPairEnergy = fields.Number("ionPairEnergy", absent.IonPairEnergy, 1, 1000),
                TransverseDiffusion = fields.Number("transverseDiffusion", absent.TransverseDiffusion, 0, 10),
                DriftVelocity = fields.Number("driftVelocity", absent.DriftVelocity, 1e-4, 1),
            };
            fields.Finish();
        }

        return materials;
    }

    private static Readout ReadReadout(StrictMapping? fields)
    {
        var absent = new Readout();
        if (fields is null)
        {
            return absent;
        }

        var readout = new Readout
        {
            Threshold = fields.Number("threshold", absent.Threshold, 0.01, 1e6),
            GainShape = fields.Integer("gainShape", absent.GainShape, 1, 16),
            NeighbourCoupling = fields.Number("neighbourCoupling", absent.NeighbourCoupling, 0, 0.33),
            DeadStrips = fields.Number("deadStrips", absent.DeadStrips, 0, 1),
            TimeResolution = fields.Number("timeResolution", absent.TimeResolution, 0),
            Window = fields.Number("window", absent.Window, 0),
            StripLength = fields.Number("stripLength", absent.StripLength, 0),
            RoadHalfWidth = fields.Number("roadHalfWidth", absent.RoadHalfWidth, 1e-3, 1e5),
            RoadResolution = fields.Number("roadResolution", absent.RoadResolution, 0),
        };
        fields.Finish();
        return readout;
    }

    private static PlaneFields ReadPlaneFields(StrictMapping? fields, PlaneFields absent, Dictionary<string, Material> materials,
        bool finish)
    {
        if (fields is null)
        {
            return absent;
        }

        var read = new PlaneFields
        {
            StripPitch = fields.Number("stripPitch", absent.StripPitch, 1e-3, 1e4),
            GapThickness = fields.Number("gap", absent.GapThickness, 1e-3, 1e4),
            Gas = fields.Text("gas", absent.Gas),
            Efficiency = fields.Number("efficiency", absent.Efficiency, 0, 1),
            LorentzAngle = fields.Number("lorentzAngle", absent.LorentzAngle, -1.5, 1.5),
            RadiationLengths = fields.Number("radiationLengths", absent.RadiationLengths, 0, 100),
            Before = fields.Has("before") ? ReadSlabs(fields, "before", materials) : absent.Before,
            After = fields.Has("after") ? ReadSlabs(fields, "after", materials) : absent.After,
        };
        if (read.Gas.Length > 0 && !materials.ContainsKey(read.Gas))
        {
            throw fields.Bad("gas", $"there is no material '{read.Gas}'", MaterialRemedy(read.Gas, materials));
        }

        if (finish)
        {
            fields.Finish();
        }

        return read;
    }

    private static List<Slab> ReadSlabs(StrictMapping fields, string name, Dictionary<string, Material> materials)
    {
        var slabs = new List<Slab>();
        foreach (StrictMapping item in fields.Mappings(name))
        {
            string material = item.RequiredText("material");
            if (!materials.TryGetValue(material, out Material? found))
            {
                throw item.Bad("material", $"there is no material '{material}'", MaterialRemedy(material, materials));
            }

            slabs.Add(new(found, item.RequiredNumber("thickness", 0)));
            item.Finish();
        }

        return slabs;
    }

    private static Plane ReadPlane(StrictMapping item, PlaneFields shared, Dictionary<string, Material> materials, Plane? previous)
    {
        double z = item.RequiredNumber("z", 0);
        int station = item.RequiredInteger("station", 0, 254);
        PlaneFields fields = ReadPlaneFields(item, shared, materials, finish: false);
        item.Finish();
        if (!(fields.StripPitch > 0 && fields.GapThickness > 0 && fields.Gas.Length > 0))
        {
            string missing = fields.Gas.Length == 0 ? "gas" : fields.StripPitch > 0 ? "gap" : "stripPitch";
            throw item.Bad(missing, "the field is missing", "give it for this plane, or for all under 'plane'");
        }

        if (previous is not null && z <= previous.Z)
        {
            throw item.Bad("z", string.Create(CultureInfo.InvariantCulture, $"planes are not in order ({z} after {previous.Z})"),
                "list them in increasing z");
        }

        int expected = previous?.Station ?? -1;
        if (station != expected && station != expected + 1)
        {
            throw item.Bad("station", $"stations are not in order ({station} after {(previous is null ? "none" : expected)})",
                "count stations from 0, without gaps, in order of z");
        }

        var after = new List<Slab>(fields.After);
        Material gas = materials[fields.Gas];
        double gasBudget = fields.GapThickness / gas.RadiationLength;
        if (fields.RadiationLengths > gasBudget && fields.Before.Count == 0 && after.Count == 0)
        {
            double length = 1 / (fields.RadiationLengths - gasBudget);
            after.Add(new(new()
            {
                Name = "budget",
                RadiationLength = length,
                Density = AluminiumDensityTimesLength / length,
                MeanExcitationEnergy = 166,
                ProtonsPerNucleon = 0.482
            }, 1));
        }
        else if (fields.RadiationLengths > 0)
        {
            throw item.Bad("radiationLengths", "it is given beside 'before' and 'after', or is less than the gas alone",
                "describe the material in one way: slabs, or a budget above that of the gas");
        }

        var plane = new Plane
        {
            Z = z,
            Station = station,
            StripPitch = fields.StripPitch,
            GapThickness = fields.GapThickness,
            Gas = fields.Gas,
            RadiationLengths = gasBudget + fields.Before.Sum(slab => slab.RadiationLengths) + after.Sum(slab => slab.RadiationLengths),
            Efficiency = fields.Efficiency,
            LorentzAngle = fields.LorentzAngle,
            Before = fields.Before,
            After = after,
        };
        double back = previous is null ? 0 : previous.Z + (previous.GapThickness / 2) + previous.After.Sum(slab => slab.Thickness);
        return plane.Front >= back - 1e-9
            ? plane
            : throw item.Bad("z", string.Create(CultureInfo.InvariantCulture, $"the plane begins at {plane.Front} mm, before {back} mm"),
                "move it, or make it or the plane before it thinner");
    }

    private static string MaterialRemedy(string given, Dictionary<string, Material> materials) =>
        $"did you mean '{NearestName.Of(given, materials.Keys)}'?";
}
