using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("FaceAnonStream.Tests")]
