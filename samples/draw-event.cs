// Simulates one muon event and draws it: dotnet run samples/draw-event.cs -- [detector] [event number] [file.html]
#:project ../src/Sagitta.Experiments
#:property PublishAot=false

using System.Globalization;
using Sagitta.Reports.Displays;
using Sagitta.Reports.Documents;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Digitisation;
using Sagitta.Physics.Events;
using Sagitta.Physics.Propagation;
using Sagitta.Physics.Simulation;

Detector detector = DetectorFile.Load(args.Length > 0 ? args[0] : "toy16");
long number = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 7;
string path = args.Length > 2 ? args[2] : "event.html";

SimulationOptions options = new()
{
    Vertex = new VertexOptions { Momentum = [new MomentumComponent { Low = 10, High = 40 }] },
    Digitisation = new DigitisationOptions { Background = new BackgroundOptions { KHzPerCm2 = [5] } },
};
EventSet events = MuonSimulation.Generate(detector, options, seed: 1, first: number, count: 1);

List<DisplayHit> hits = [];
for (int i = 0; i < events.HitCount; i++)
{
    Plane plane = detector.Planes[events.HitPlane[i]];
    hits.Add(new(plane.Z, events.HitY[i]) { Panel = plane.Station, Amount = events.HitCharge[i], Values = [events.LabelHit[i]] });
}

// The circle that the muon began on; matter makes the real path leave it.
CircleTrack circle = CircleTrack.FromMomentum(events.TruthY0[0], events.TruthSlope[0], events.TruthQOverPt[0], detector.FieldTesla);
double[] z = [.. Enumerable.Range(0, 121).Select(i => i * detector.Planes[^1].Z * 1.02 / 120)];
DisplayTrack truth = new("circle of the vertex", z, [.. z.Select(circle.At)]) { Series = 0 };

Report report = new($"A muon of {1 / Math.Abs(events.TruthQOverPt[0]):0.0} GeV in {detector.Name}", [
    new EventDisplay(
        [.. detector.Planes.Select(p => new DisplayPlane(p.Z, p.Station))], hits,
        $"Event {number} of seed 1 at 5 kHz/cm^{{2}}: {events.HitCount} hits, {events.LabelHit.Count(l => l == 1)} of them from the muon.")
    {
        Tracks = [truth],
        Quantities = [new("truth", "background", "particle")],
    },
]);
ReportWriter.WriteFile(path, report);
Console.WriteLine($"{path}: {events.HitCount} hits");
