namespace Sagitta.Tests.Physics.Endcap;

/// <summary>Muons that Geant4 carried through the endcap's field without matter: states at vertex and planes.</summary>
internal sealed class VacuumMuons
{
    public const int Planes = 24;

    private VacuumMuons(Func<string, string> file)
    {
        ColumnTable truth = TableFile.Read(file("vacuum_truth.csv.gz"), Requests("x", "y", "z", "px", "py", "pz", "charge"));
        Charge = truth.Numbers("charge");
        VertexZ = truth.Numbers("z");
        Vertex = [.. Enumerable.Range(0, truth.Count).Select(i => State(truth, i, Charge[i]))];
        ColumnTable planes = TableFile.Read(file("vacuum_planes.csv.gz"), Requests("event", "plane", "x", "y", "z", "px", "py", "pz"));
        At = [.. Vertex.Select(_ => new TrackState[Planes])];
        for (int i = 0; i < planes.Count; i++)
        {
            int number = (int)planes.Numbers("event")[i];
            At[number][(int)planes.Numbers("plane")[i]] = State(planes, i, Charge[number]);
        }
    }

    public static VacuumMuons Slice { get; } = new(name => TestData.InRepository("data", "geant4-endcap", name));

    public double[] Charge { get; }

    public double[] VertexZ { get; }

    public TrackState[] Vertex { get; }

    public TrackState[][] At { get; }

    public static VacuumMuons Full() => new(name => TestData.Full("geant4-endcap", name));

    private static ColumnRequest[] Requests(params string[] names) => [.. names.Select(name => new ColumnRequest(name, ColumnKind.Number))];

    private static TrackState State(ColumnTable table, int row, double charge)
    {
        double At(string name) => table.Numbers(name)[row];
        double momentum = Math.Sqrt((At("px") * At("px")) + (At("py") * At("py")) + (At("pz") * At("pz"))) / 1000;
        return new(At("x"), At("y"), At("px") / At("pz"), At("py") / At("pz"), charge / momentum);
    }
}
