namespace Sagitta.Tests.Physics.Events;

/// <summary>Event files that other programs wrote wrongly.</summary>
public sealed class EventFileMistakesTests
{
    private static readonly Detector _pair = new() { Name = "pair", FieldTesla = 1, Planes = [Plane(10, 0), Plane(20, 1)] };

    [Fact]
    public void File_without_mistakes_is_read() => Assert.Equal(3, Read((_, _) => false).HitCount);

    public static TheoryData<string, string> Mistakes => new()
    {
        { "plane_count", "shape" },
        { "station_count", "0 is no count" },
        { "hit_offsets", "offsets begin at 0" },
        { "hit_plane", "element 2: plane 9 is not one of 2" },
        { "hit_y", "element 1: NaN is not a finite number" },
        { "plane_z", "the plane is at z = 21 mm" },
        { "hit_charge", "event 7 are not in order" },
        { "hit_time", "(2,)" },
        { "label_hit", "it lacks label_hit" },
        { "road_centre", "(2, 1)" },
        { "truth_crossing", "(4,)" },
        { "background_khz_per_cm2", "<U2" },
        { "detector", "texts" },
        { "format", "no event file" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_is_told_with_the_array(string array, string message)
    {
        BadInputException problem = Assert.Throws<BadInputException>(() => Read((name, writer) =>
        {
            if (name != array)
            {
                return false;
            }

            switch (name)
            {
                case "plane_count":
                    writer.Add<int>(name, [2]);
                    break;
                case "station_count":
                    writer.AddScalar(name, 0);
                    break;
                case "hit_offsets":
                    writer.Add<long>(name, [0, 5, 3]);
                    break;
                case "hit_plane":
                    writer.Add<byte>(name, [0, 1, 9]);
                    break;
                case "hit_y":
                    writer.Add<float>(name, [1, float.NaN, 3]);
                    break;
                case "plane_z":
                    writer.Add<double>(name, [10, 21]);
                    break;
                case "hit_charge":
                    writer.Add<float>(name, [1, 1, 1]);
                    break;
                case "hit_time":
                    writer.Add<float>(name, [1, 1]);
                    break;
                case "road_centre":
                    writer.Add<float>(name, [1, 1], 2, 1);
                    break;
                case "truth_crossing":
                    writer.Add<float>(name, [1, 1, 1, 1]);
                    break;
                case "background_khz_per_cm2":
                    writer.AddText(name, "no");
                    break;
                case "detector":
                    writer.AddScalar(name, 1.0);
                    break;
                case "format":
                    writer.AddText(name, "other");
                    break;
            }

            return true;
        }, disorder: array == "hit_charge"));
        Assert.Contains("events.npz", problem.Where, StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, double, string> Numbers => new()
    {
        { "hit_y", double.PositiveInfinity, "element 0: Infinity is not a finite number" },
        { "hit_y", 1e7, "is not from -1000000 to 1000000" },
        { "hit_charge", -1, "element 0: -1 is below 0" },
        { "hit_charge", double.NaN, "element 0: NaN is not a finite number; give primary electrons" },
        { "hit_time", double.NegativeInfinity, "not a finite number; give ns" },
        { "road_centre", double.PositiveInfinity, "not a finite number" },
        { "label_hit", 255, "element 0: 255 is not from 0 to 1; give 1 for the muon, else 0" },
        { "truth_muon", 2, "2 is not from 0 to 1" },
        { "truth_q_over_pt", double.NaN, "element 0: NaN is not a finite number" },
        { "truth_q_over_pt", 0, "a muon has no momentum without end" },
        { "truth_y0", double.NaN, "NaN is not a finite number" },
        { "truth_slope", 1.5, "1.5 is not from -1 to 1" },
        { "truth_crossing", double.NegativeInfinity, "not a finite number" },
        { "background", -1, "-1 is below 0" },
        { "smear", double.NaN, "NaN is no Gaussian error" },
        { "smear", -0.1, "-0.1 is no Gaussian error" },
        { "background_khz_per_cm2", double.PositiveInfinity, "Infinity is no flux" },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_outside_its_columns_domain_is_refused_with_its_place(string array, double value, string message)
    {
        BadInputException problem = Assert.Throws<BadInputException>(() => Read((name, writer) =>
        {
            if (name != array)
            {
                return false;
            }

            float single = (float)value;
            switch (name)
            {
                case "hit_y" or "hit_charge" or "hit_time":
                    writer.Add<float>(name, [single, 3, 4]);
                    break;
                case "label_hit":
                    writer.Add<byte>(name, [(byte)value, 0, 1]);
                    break;
                case "truth_muon":
                    writer.Add<byte>(name, [(byte)value, 0]);
                    break;
                case "road_centre" or "truth_crossing":
                    writer.Add<float>(name, [single, float.NaN, 1, 1], 2, 2);
                    break;
                case "background":
                    writer.Add<float>(name, [single, 5]);
                    break;
                case "smear" or "background_khz_per_cm2":
                    writer.AddScalar(name, value);
                    break;
                default:
                    writer.Add<double>(name, [value, 0]);
                    break;
            }

            return true;
        }));
        Assert.Contains($"events.npz', array '{array}'", problem.Where, StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    private static Plane Plane(double z, int station) => new()
    {
        Z = z,
        Station = station,
        StripPitch = 0.4,
        GapThickness = 5,
        Gas = "ArCO2",
        RadiationLengths = 0.01,
    };

    private static EventSet Read(Func<string, NpzWriter, bool> instead, bool disorder = false)
    {
        using TemporaryFolder folder = new();
        using (NpzWriter writer = new(folder.File("events.npz")))
        {
            Add("format", name => writer.AddText(name, "sagitta-events-1"));
            Add("detector", name => writer.AddText(name, "pair"));
            Add("source", name => writer.AddText(name, "simulation"));
            Add("background_khz_per_cm2", name => writer.AddScalar(name, 5.0));
            Add("smear", name => writer.AddScalar(name, 0.0));
            Add("plane_count", name => writer.AddScalar(name, 2));
            Add("station_count", name => writer.AddScalar(name, 2));
            Add("hit_offsets", name => writer.Add<long>(name, [0, 3, 3]));
            Add("hit_plane", name => writer.Add<byte>(name, [0, 1, 1]));
            Add("hit_y", name => writer.Add<float>(name, disorder ? [5, 4, 3] : [5, 3, 4]));
            Add("plane_z", name => writer.Add<double>(name, [10, 20]));
            Add("hit_charge", name => writer.Add<float>(name, [1, 1, 1]));
            Add("hit_time", name => writer.Add<float>(name, [1, 1, 1]));
            Add("label_hit", name => writer.Add<byte>(name, [1, 0, 1]));
            Add("event_number", name => writer.Add<long>(name, [7, 8]));
            Add("road_centre", name => writer.Add<float>(name, [1, 1, 1, 1], 2, 2));
            Add("background", name => writer.Add<float>(name, [5, 5]));
            Add("truth_muon", name => writer.Add<byte>(name, [1, 0]));
            Add("truth_q_over_pt", name => writer.Add<double>(name, [0.1, 0]));
            Add("truth_y0", name => writer.Add<double>(name, [0, 0]));
            Add("truth_slope", name => writer.Add<double>(name, [0, 0]));
            Add("truth_crossing", name => writer.Add<float>(name, [1, 1, 1, 1], 2, 2));
            writer.Commit();

            void Add(string name, Action<string> usual)
            {
                if (!instead(name, writer))
                {
                    usual(name);
                }
            }
        }

        return EventFile.Read(folder.File("events.npz"), _pair);
    }
}
